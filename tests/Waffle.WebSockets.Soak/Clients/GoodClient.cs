using System.Text.Json;
using Waffle.WebSockets.Soak.Server;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>
/// A client that keeps to the rules: it joins and leaves rooms, talks, makes requests, ends in one of the ordinary ways, and checks what it
/// gets.
/// </summary>
internal sealed class GoodClient(string id, string server, ClientSocket socket, Breaches breaches, Tally tally, Random random)
{
    private const int MostRooms = 4;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly GoodListener _listener = new(id, server, socket, breaches, tally);
    private readonly Dictionary<string, long> _said = [];
    private readonly List<string> _rooms = [];
    private int _requests;

    public static async Task RunAsync(ServerAddress server, string id, Breaches breaches, Tally tally, Random random, Lifetime life)
    {
        var path = random.GetItems<string>([SoakPaths.Plain, SoakPaths.Fresh, SoakPaths.Takeover], 1)[0];
        using ClientSocket socket = random.Next(3) == 0
            ? await RawSocket.ConnectAsync(server, path, id, random)
            : await FrameworkSocket.ConnectAsync(server, path, id, random);
        await new GoodClient(id, server.Name, socket, breaches, tally, random).RunAsync(life);
    }

    private async Task RunAsync(Lifetime life)
    {
        var listening = _listener.RunAsync();
        try
        {
            await JoinAsync();
            while (!life.IsOver && !listening.IsCompleted)
            {
                await ActAsync();
                await life.PauseAsync(TimeSpan.FromMilliseconds(random.Next(500, 8_000)));
            }

            await EndAsync(listening);
        }
        catch (IOException error) when (!listening.IsCompleted)
        {
            // Sending failed; the listener, too, finds that the connection is gone, and judges it.
            _listener.Breach("a good client could not send", await EndsInTimeAsync(listening) ? null : error.Message);
        }
        catch (IOException)
        {
        }
        finally
        {
            _listener.ExpectEnd();
            socket.Dispose();
            await listening;
        }
    }

    private Task ActAsync() => random.Next(10) switch
    {
        0 or 1 when _rooms.Count < MostRooms => JoinAsync(),
        2 when _rooms.Count > 0 => LeaveAsync(),
        3 => RequestAsync("join", new RoomName { Room = "nowhere" }, new PendingRequest("join", static _ => null, "no_such_room")),
        4 => NapAsync(),
        5 or 6 => EchoAsync(random.Next(1, 5)),
        _ when _rooms.Count > 0 => SayAsync(),
        _ => EchoAsync(1),
    };

    private async Task JoinAsync()
    {
        var room = Targets.RoomName(random.Next(Targets.RoomCount));
        if (_rooms.Contains(room))
        {
            return;
        }

        _listener.Enter(room, _said.GetValueOrDefault(room));
        await RequestAsync("join", new RoomName { Room = room }, new PendingRequest("join", payload => _listener.CheckJoin(room, payload)));
        _rooms.Add(room);
    }

    private async Task LeaveAsync()
    {
        var room = _rooms[random.Next(_rooms.Count)];
        _rooms.Remove(room);
        var said = _said.GetValueOrDefault(room);
        var request = new PendingRequest("leave", payload => _listener.CheckLeave(room, said, payload));
        await RequestAsync("leave", new RoomName { Room = room }, request);
    }

    private async Task SayAsync()
    {
        var room = _rooms[random.Next(_rooms.Count)];
        var number = _said.GetValueOrDefault(room) + 1;
        _said[room] = number;
        await SendAsync("say", new Remark { Room = room, Number = number, Text = Filler.For(number) }, id: null);
    }

    private Task NapAsync()
    {
        var nap = new Question { Number = random.Next(), Text = "zzz", Milliseconds = random.Next(100) };
        return RequestAsync("nap", nap, new PendingRequest("nap", payload => _listener.CheckEcho(nap, payload)));
    }

    // Several may be under way at once.
    private async Task EchoAsync(int count)
    {
        var replies = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var number = random.Next();
            var echo = new Question { Number = number, Text = Filler.For(number) };
            replies.Add(await BeginRequestAsync("echo", echo, new PendingRequest("echo", payload => _listener.CheckEcho(echo, payload))));
        }

        await WaitAsync("echo", Task.WhenAll(replies));
    }

    private async Task RequestAsync<T>(string type, T payload, PendingRequest request) =>
        await WaitAsync(type, await BeginRequestAsync(type, payload, request));

    private async Task<Task> BeginRequestAsync<T>(string type, T payload, PendingRequest request)
    {
        var requestId = $"{++_requests}";
        _listener.Expect(requestId, request);
        await SendAsync(type, payload, requestId);
        return request.Replied;
    }

    private async Task WaitAsync(string type, Task replied)
    {
        if (!await EndsInTimeAsync(replied))
        {
            _listener.Breach("no reply", $"to {type} within {_patience.TotalSeconds} s");
        }
    }

    private static async Task<bool> EndsInTimeAsync(Task task)
    {
        await task.WaitAsync(_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }

    private Task SendAsync<T>(string type, T payload, string? id) =>
        socket.SendTextAsync(JsonSerializer.SerializeToUtf8Bytes(new { type, payload, id }, JsonSerializerOptions.Web));

    private async Task EndAsync(Task<int?> listening)
    {
        if (listening.IsCompleted)
        {
            return;
        }

        // Behind this reply, all ticks before it have come.
        await EchoAsync(1);
        _listener.ExpectEnd();
        var code = random.Next(2) == 0 ? 1000 : random.Next(3000, 5000);
        var expected = await EndSomehowAsync(code);
        if (!await EndsInTimeAsync(listening))
        {
            _listener.Breach("an end that does not come", $"{expected} was due");
        }
        else if (await listening != expected)
        {
            _listener.Breach("an end of the wrong kind", $"{await listening} in place of {expected}; {_listener.Fault}");
        }
    }

    // The result is the code that the server's Close must have; null: none comes.
    private async Task<int?> EndSomehowAsync(int code)
    {
        switch (random.Next(10))
        {
            case 0:
                await SendAsync("bye", 0, id: null);
                return 1000;
            case 1:
                await SendAsync("cut", 0, id: null);
                return null;
            case 2 or 3 or 4:
                socket.Cut(random);
                return null;
            case 5 when _rooms.Count > 0:
                for (var i = 0; i < 10; i++)
                {
                    await SayAsync();
                }

                break;
            default:
                break;
        }

        await socket.SendCloseAsync(code);
        return code;
    }
}
