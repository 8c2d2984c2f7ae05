using System.Globalization;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A room with a member on each of two servers, to whom both servers broadcast numbers: what is missing, doubled or not told is seen.</summary>
internal sealed class NumberedRoom
{
    public const string GapEvent = "gap";

    private readonly Cluster _cluster;
    private readonly string _name;
    private readonly Listener[] _listeners;
    private readonly int[] _sent = new int[2];

    private NumberedRoom(Cluster cluster, string name, Listener[] listeners) => (_cluster, _name, _listeners) = (cluster, name, listeners);

    /// <summary>Returns when each member has heard both servers.</summary>
    public static async Task<NumberedRoom> CreateAsync(Cluster cluster, string name)
    {
        var members = new[] { await cluster.ConnectAsync(0, null, name), await cluster.ConnectAsync(1, null, name) };
        var room = new NumberedRoom(cluster, name, Array.ConvertAll(members, static member => new Listener(member)));
        await room.UntilBothAreHeardAsync();
        return room;
    }

    /// <summary>Broadcasts the next number of each server, whose own member gets it at once, whatever is wrong with the engine.</summary>
    public async Task<PublishStatus[]> BroadcastAsync() => [await BroadcastAsync(0), await BroadcastAsync(1)];

    /// <summary>Broadcasts until a server's broadcasts have a status.</summary>
    public Task UntilAsync(int server, PublishStatus status) =>
        Wait.Eventually(async () => (await BroadcastAsync())[server] == status, $"what server {server} publishes is {status}");

    /// <summary>Broadcasts until each server's member hears the other server.</summary>
    public async Task UntilBothAreHeardAsync()
    {
        var after = _sent.ToArray();
        await Wait.Eventually(
            async () =>
            {
                await BroadcastAsync();
                return LastHeard(by: 0, of: 1) > after[1] && LastHeard(by: 1, of: 0) > after[0];
            },
            "both servers are heard");
    }

    /// <summary>Nothing came twice or in another order, and of all that did not come a gap was told.</summary>
    public async Task AssertAllWasHeardOrToldAsync()
    {
        for (var server = 0; server < 2; server++)
        {
            Assert.Equal(Enumerable.Range(1, _sent[server]), Numbers(by: server, of: server));

            // Once: more may come.
            int[] others = [.. Numbers(by: server, of: 1 - server)];
            Assert.Equal(others.Distinct().Order(), others);
            await Wait.Eventually(() => WasAllHeardOrTold(server), $"server {server} has told all gaps");
        }
    }

    private async Task<PublishStatus> BroadcastAsync(int server)
    {
        var text = $"{server}:{++_sent[server]}";
        var result = await _cluster.Hubs[server].Room(_name).BroadcastTextAsync(text);
        Assert.Equal((1, 0, 0), (result.Queued, result.Dropped, result.Closed));
        await Wait.Eventually(() => _listeners[server].HasHeard(text), "the server's own member gets it");
        return result.Published;
    }

    private bool WasAllHeardOrTold(int by)
    {
        var (last, isTold, isOpen) = (0, false, false);
        foreach (var text in _listeners[by].Texts)
        {
            if (IsGap(text))
            {
                (isTold, isOpen) = (true, false);
            }
            else if (Number(text, of: 1 - by) is { } number)
            {
                // Gaps that follow one soon are told together, and later.
                isOpen |= number > last + 1 && !isTold;
                (last, isTold) = (number, false);
            }
        }

        return !isOpen && (isTold || last == _sent[1 - by]);
    }

    private bool IsGap(string text) =>
        text.StartsWith($$"""{"name":"{{GapEvent}}""", StringComparison.Ordinal) && text.Contains($"\"room\":\"{_name}\"", StringComparison.Ordinal);

    private int LastHeard(int by, int of) => Numbers(by, of).LastOrDefault();

    private IEnumerable<int> Numbers(int by, int of) =>
        _listeners[by].Texts.Select(text => Number(text, of)).OfType<int>();

    private static int? Number(string text, int of) =>
        text.StartsWith($"{of}:", StringComparison.Ordinal) ? int.Parse(text.AsSpan(2), CultureInfo.InvariantCulture) : null;
}
