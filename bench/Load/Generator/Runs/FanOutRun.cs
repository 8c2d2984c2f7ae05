using Waffle.WebSockets.Bench.Load.Generator.Clients;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>Publishes to one room after the other; each message must reach each member once, in order and unchanged.</summary>
internal sealed class FanOutRun : LoadRun
{
    private const double SecondsToReadAtLast = 0.5;

    private readonly Payload _payload;
    private readonly PayloadFinder _finder = new();
    private readonly MessageForm[] _forms;
    private readonly Subscriptions _subscriptions;
    private readonly Publications _publications;
    private readonly RollCall _rollCall;
    private readonly bool _mayHoldSeveral;
    private readonly Client[] _stalled;
    private int _stalledEnded;
    private bool _isStopping;

    public FanOutRun(GeneratorPlan plan, Peer peer)
        : base(plan, peer, plan.Workload.AllConnections)
    {
        _payload = Workload.CreatePayload();
        _mayHoldSeveral = peer.Dialect.SeveralPayloadsPerMessage;
        _forms = [.. Enumerable.Range(0, Workload.Rooms).Select(room => new MessageForm(peer.Dialect, Workload.ConversationOf(room)))];
        var members = Crowd.Clients.Take(Workload.Connections).ToArray();
        _stalled = [.. members.TakeLast(Workload.StalledConnections)];
        Array.ForEach(_stalled, client => client.IsStalled = true);

        var reading = members.SkipLast(_stalled.Length).Select(client => client.Number).ToArray();
        _subscriptions = new Subscriptions(Workload.Connections);
        var membersOfRooms = reading.CountBy(Workload.RoomOf).OrderBy(room => room.Key).Select(room => room.Value);
        _publications = new Publications(Workload.Window, [.. membersOfRooms]);
        _rollCall = new RollCall(reading);
    }

    public override void OnMessage(Client client, ReadOnlySpan<byte> message, long now)
    {
        if (IsStalled(client))
        {
            return;
        }

        var place = _finder.Find(message, from: 0);
        if (place < 0)
        {
            Crowd.Protocol.TakeSmallTalk(client, message);
            return;
        }

        while (place >= 0)
        {
            var text = message[place..];
            if (!Stamp.TryRead(text, out var stamp) || !_payload.HasFiller(text))
            {
                throw new RunFailedException($"Connection {client.Number} got a message that nobody had sent.");
            }

            Take(client, stamp, now);
            place = _mayHoldSeveral ? _finder.Find(message, place + _payload.Length) : -1;
        }
    }

    public override void OnEnd(Client client, string? reason)
    {
        if (!IsStalled(client))
        {
            base.OnEnd(client, reason);
        }

        _stalledEnded++;
    }

    protected override void Execute()
    {
        Crowd.OpenUpTo(Workload.AllConnections);
        CallRoll();
        for (var i = 0; i < Workload.Window; i++)
        {
            Publish(Clock.Now);
        }

        WarmUpAndMeasure();
        _isStopping = true;
        RunUntil(() => _publications.UnderWay == 0);
        ReadAtLast();
    }

    protected override GeneratorReport Report() => base.Report() with { StalledEnded = _stalledEnded };

    protected override string DescribeMissing() =>
        _rollCall.Missing > 0 ? $"the first message of {_rollCall.Missing} connections" : _publications.DescribeOldest();

    // A server may add a connection to its room some time after the handshake: messages are counted once each has got one.
    private void CallRoll()
    {
        long next = 0;
        RunUntil(() =>
        {
            if (_rollCall.Missing > 0 && Clock.Now >= next)
            {
                next = Clock.Now + RollCall.Interval;
                for (var room = 0; room < Workload.Rooms; room++)
                {
                    Send(room, RollCall.Stamp);
                }

                Crowd.Writer.FlushDue();
            }

            return _rollCall.Missing == 0;
        });
    }

    // Only who reads sees that the server had ended the connection.
    private void ReadAtLast()
    {
        if (_stalled.Length > 0)
        {
            Array.ForEach(_stalled, Crowd.Resume);
            RunFor(SecondsToReadAtLast);
        }
    }

    private void Take(Client client, Stamp stamp, long now)
    {
        if (Workload.IsStranger(client.Number))
        {
            throw new RunFailedException($"Connection {client.Number} got a message of a room that it is not in.");
        }

        if (stamp == RollCall.Stamp)
        {
            // No progress if it is the same ones again and again, while others never get one.
            if (_rollCall.Answer(client.Number))
            {
                NoteProgress(now);
            }

            return;
        }

        NoteProgress(now);
        var room = Workload.RoomOf(client.Number);
        if (stamp.Publisher != room)
        {
            throw new RunFailedException($"Connection {client.Number} of room {room} got a message for room {stamp.Publisher}.");
        }

        _subscriptions.Take(client.Number, stamp.Sequence);
        Measurement.Add(now - stamp.Time);
        for (var free = _publications.Deliver(room, stamp.Sequence); free > 0 && !_isStopping; free--)
        {
            Publish(now);
        }
    }

    // They are the last members, and stay what they are when they read at last.
    private bool IsStalled(Client client) =>
        client.Number >= Workload.Connections - _stalled.Length && !Workload.IsStranger(client.Number);

    private void Publish(long now)
    {
        var (room, sequence) = _publications.Begin();
        Send(room, new Stamp((uint)room, sequence, now));
    }

    // The first member of each room is its publisher.
    private void Send(int room, Stamp stamp) => _forms[room].Queue(Crowd.Writer, Crowd.Clients[room], _payload.With(stamp));
}
