using System.Collections.Concurrent;
using System.Text.Json;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>Receives all that a good client gets, and checks it.</summary>
internal sealed class GoodListener(string id, string server, ClientSocket socket, Breaches breaches, Tally tally)
{
    private static readonly JsonSerializerOptions _json = JsonSerializerOptions.Web;

    private readonly TickCheck _hub = new();
    private readonly OthersCheck _hubOthers = new(TimeProvider.System);
    private readonly ConcurrentDictionary<string, RoomCheck> _rooms = new();
    private readonly ConcurrentDictionary<string, PendingRequest> _requests = new();
    private volatile bool _mayEnd;

    /// <summary>How the connection broke, if it did.</summary>
    public string? Fault { get; private set; }

    /// <summary>From here on the connection may end.</summary>
    public void ExpectEnd() => _mayEnd = true;

    /// <summary>Expects a room's broadcasts; before the join is sent.</summary>
    public void Enter(string room, long saidBefore) => _rooms[room] = new RoomCheck(id, saidBefore);

    /// <summary>Expects a reply; before the request is sent.</summary>
    public void Expect(string requestId, PendingRequest request) => _requests[requestId] = request;

    public string? CheckJoin(string room, JsonElement payload) => _rooms[room].Ticks.Join(Read<TickRange>(payload));

    /// <summary>Nothing of the room may come from here on.</summary>
    public string? CheckLeave(string room, long said, JsonElement payload) =>
        _rooms.TryRemove(room, out var left) ? left.Leave(Read<TickRange>(payload), said) : $"{room} was left twice";

    public string? CheckEcho(Question question, JsonElement payload)
    {
        var reply = Read<Question>(payload);
        return reply.Number != question.Number || reply.Text != question.Text ? $"the reply to {question.Number} is not what was asked"
            : _hub.Reach(reply.Completed);
    }

    /// <summary>Ends with the connection; the result is the code of the server's Close, or <see langword="null"/> without one.</summary>
    public async Task<int?> RunAsync()
    {
        try
        {
            while (await socket.ReceiveAsync() is { } message)
            {
                Handle(message);
            }
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or KeyNotFoundException)
        {
            Fault = error.Message;
            if (!_mayEnd || error is not IOException)
            {
                Breach("a good client's connection broke", Fault);
            }
        }

        if (!_mayEnd && socket.CloseCode is { } code)
        {
            Breach("a good client was closed", $"with {code}");
        }

        foreach (var request in _requests.Values)
        {
            request.Complete();
        }

        return socket.CloseCode;
    }

    public void Breach(string kind, string? detail)
    {
        if (detail is not null)
        {
            breaches.Add(kind, $"{id} ({socket.Description}): {detail}");
        }
    }

    private void Handle(ReadOnlyMemory<byte> message)
    {
        using var document = JsonDocument.Parse(message);
        var root = document.RootElement;
        if (root.TryGetProperty("name", out var name))
        {
            HandleEvent(name.GetString(), root.GetProperty("data"));
        }
        else
        {
            HandleReply(root);
        }
    }

    private void HandleEvent(string? name, JsonElement data)
    {
        switch (name)
        {
            case "hello":
                Breach("numbers of the hub", _hub.Join(Read<TickRange>(data)));
                break;
            case "tick":
                tally.CountTick();
                var tick = Read<Tick>(data);
                Breach(tick.Target.Length == 0 ? "numbers of the hub" : "numbers of a room", Check(tick));
                break;
            case "said":
                tally.CountRemark();
                Breach("what others say", Check(Read<Remark>(data)));
                break;
            case SoakPaths.GapEvent:
                tally.CountGap();
                HearOfGap(data);
                break;
            default:
                Breach("an unknown event", name);
                break;
        }
    }

    private string? Check(Tick tick)
    {
        if (tick.Target.Length == 0)
        {
            return tick.Server == server ? _hub.Add(tick) : _hubOthers.Add(tick.Server, tick.Number, tick.Text);
        }

        return !_rooms.TryGetValue(tick.Target, out var room) ? $"{tick.Number} of {tick.Target}, not being a member"
            : tick.Server == server ? room.Ticks.Add(tick)
            : room.Others.Add(tick.Server, tick.Number, tick.Text);
    }

    private string? Check(Remark remark) =>
        !_rooms.TryGetValue(remark.Room, out var room) ? $"{remark.Room}, not being a member"
        : remark.Server == server ? room.Add(remark)
        : room.Others.Add(remark.From!, remark.Number, remark.Text);

    private void HearOfGap(JsonElement gap)
    {
        if (!gap.TryGetProperty("room", out var name))
        {
            _hubOthers.Tell();
        }
        else if (_rooms.TryGetValue(name.GetString()!, out var room))
        {
            room.Others.Tell();
        }
    }

    private void HandleReply(JsonElement root)
    {
        var requestId = root.TryGetProperty("id", out var idElement) ? idElement.GetString() : null;
        if (requestId is null || !_requests.TryRemove(requestId, out var request))
        {
            Breach("a reply to nothing", root.ToString());
            return;
        }

        tally.CountReply();
        var type = root.GetProperty("type").GetString();
        var payload = root.GetProperty("payload");
        if (request.ExpectedError is { } error)
        {
            var isExpected = type == "error" && payload.GetProperty("code").GetString() == error;
            Breach("a reply of the wrong kind", isExpected ? null : $"{root} in place of {error}");
        }
        else
        {
            Breach("a reply of the wrong kind", type == request.Type ? null : $"{root} in place of {request.Type}");
            Breach($"the reply to {request.Type}", type == request.Type ? request.Check(payload) : null);
        }

        request.Complete();
    }

    private static T Read<T>(JsonElement element) => element.Deserialize<T>(_json)!;
}
