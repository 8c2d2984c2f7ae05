using System.Globalization;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>
/// A room with a member on each of several servers, to whom all servers broadcast numbers: what is missing, doubled or not told is seen.
/// </summary>
internal sealed class NumberedRoom
{
    public const string GapEvent = "gap";

    private readonly string _name;
    private readonly IReadOnlyList<Listener> _listeners;
    private readonly Func<int, string, Task<PublishStatus>> _broadcast;
    private readonly List<int> _servers;
    private readonly int[] _sent;

    private NumberedRoom(string name, IReadOnlyList<Listener> listeners, Func<int, string, Task<PublishStatus>> broadcast)
    {
        (_name, _listeners, _broadcast) = (name, listeners, broadcast);
        _servers = [.. Enumerable.Range(0, listeners.Count)];
        _sent = new int[listeners.Count];
    }

    /// <summary>Returns when each member has heard all servers.</summary>
    public static async Task<NumberedRoom> CreateAsync(Cluster cluster, string name)
    {
        var listeners = new List<Listener>();
        for (var server = 0; server < cluster.Hubs.Count; server++)
        {
            listeners.Add(new Listener(await cluster.ConnectAsync(server, null, name)));
        }

        return await CreateAsync(name, listeners, async (server, text) =>
        {
            var result = await cluster.Hubs[server].Room(name).BroadcastTextAsync(text);
            Assert.Equal((1, 0, 0), (result.Queued, result.Dropped, result.Closed));
            return result.Published;
        });
    }

    /// <inheritdoc cref="CreateAsync(Cluster, string)"/>
    /// <param name="name">The room's.</param>
    /// <param name="listeners">A member on each server.</param>
    /// <param name="broadcast">Lets a server broadcast a text to the room.</param>
    public static async Task<NumberedRoom> CreateAsync(
        string name, IReadOnlyList<Listener> listeners, Func<int, string, Task<PublishStatus>> broadcast)
    {
        var room = new NumberedRoom(name, listeners, broadcast);
        await room.UntilAllAreHeardAsync();
        return room;
    }

    /// <summary>Broadcasts the next number of each server, whose own member gets it at once, whatever is wrong with the engine.</summary>
    /// <returns>What becomes of each on its way to the others.</returns>
    public async Task<PublishStatus[]> BroadcastAsync()
    {
        var published = new PublishStatus[_sent.Length];
        foreach (var server in _servers)
        {
            var text = $"{server}:{++_sent[server]}";
            published[server] = await _broadcast(server, text);
            await Wait.Eventually(() => _listeners[server].HasHeard(text), "the server's own member gets it");
        }

        return published;
    }

    /// <summary>Broadcasts until a server's broadcasts have a status.</summary>
    public Task UntilAsync(int server, PublishStatus status) =>
        Wait.Eventually(async () => (await BroadcastAsync())[server] == status, $"what server {server} publishes is {status}");

    /// <summary>Broadcasts until those of all servers have a status.</summary>
    public Task UntilAllAsync(PublishStatus status) =>
        Wait.Eventually(async () => (await BroadcastAsync()).All(published => published == status), $"what all publish is {status}");

    /// <summary>Broadcasts until each server's member hears all other servers.</summary>
    public async Task UntilAllAreHeardAsync()
    {
        var after = _sent.ToArray();
        await Wait.Eventually(
            async () =>
            {
                await BroadcastAsync();
                return Pairs().All(pair => Numbers(pair.By, pair.Of).LastOrDefault() > after[pair.Of]);
            },
            "all servers are heard");
    }

    /// <summary>Nothing came twice or in another order, and of all that did not come a gap was told.</summary>
    public async Task AssertAllWasHeardOrToldAsync()
    {
        Assert.All(_servers, server => Assert.Equal(Enumerable.Range(1, _sent[server]), Numbers(server, server)));
        foreach (var (by, of) in Pairs())
        {
            // Once: more may come.
            int[] numbers = [.. Numbers(by, of)];
            Assert.Equal(numbers.Distinct().Order(), numbers);
            await Wait.Eventually(() => WasAllHeardOrTold(by, of), $"server {by} has told all gaps of server {of}");
        }
    }

    /// <summary>A server is gone, with its member.</summary>
    public void Remove(int server) => _servers.Remove(server);

    private IEnumerable<(int By, int Of)> Pairs() => _servers.SelectMany(by => _servers.Where(of => of != by).Select(of => (by, of)));

    private bool WasAllHeardOrTold(int by, int of)
    {
        var (last, isTold, isOpen) = (0, false, false);
        foreach (var text in _listeners[by].Texts)
        {
            if (IsGap(text))
            {
                (isTold, isOpen) = (true, false);
            }
            else if (Number(text, of) is { } number)
            {
                // Gaps that follow one soon are told together, and later.
                isOpen |= number > last + 1 && !isTold;
                (last, isTold) = (number, false);
            }
        }

        return !isOpen && (isTold || last == _sent[of]);
    }

    private bool IsGap(string text) =>
        text.StartsWith($$"""{"name":"{{GapEvent}}""", StringComparison.Ordinal) && text.Contains($"\"room\":\"{_name}\"", StringComparison.Ordinal);

    private IEnumerable<int> Numbers(int by, int of) => _listeners[by].Texts.Select(text => Number(text, of)).OfType<int>();

    private static int? Number(string text, int of) =>
        text.StartsWith($"{of}:", StringComparison.Ordinal) ? int.Parse(text.AsSpan(2), CultureInfo.InvariantCulture) : null;
}
