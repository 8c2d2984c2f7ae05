using Waffle.WebSockets.Bench.Load.Generator.Clients;
using Waffle.WebSockets.Bench.Load.Generator.Measuring;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>Opens more and more connections, which then do nothing, and looks at the server's memory.</summary>
internal sealed class MemoryRun : LoadRun
{
    // What a server makes once, it makes for these.
    private const int FirstConnections = 100;

    private readonly List<MemoryPoint> _points = [];
    private readonly PayloadFinder _finder = new();
    private readonly RollCall _rollCall;
    private readonly MessageForm _form;
    private readonly Payload _payload;

    public MemoryRun(GeneratorPlan plan, Peer peer)
        : base(plan, peer, FirstConnections + plan.Workload.Connections)
    {
        _payload = Workload.CreatePayload();
        _form = new MessageForm(peer.Dialect, Workload.ConversationOf(0));
        _rollCall = new RollCall([.. Crowd.Clients.Select(client => client.Number)]);
    }

    public override void OnMessage(Client client, ReadOnlySpan<byte> message, long now)
    {
        NoteProgress(now);
        if (_finder.Find(message, from: 0) >= 0)
        {
            _rollCall.Answer(client.Number);
        }
        else
        {
            Crowd.Protocol.TakeSmallTalk(client, message);
        }
    }

    protected override void Execute()
    {
        Crowd.OpenUpTo(FirstConnections);
        RunFor(Plan.Seconds);
        var before = ReadBytes();
        foreach (var step in Workload.Steps)
        {
            Crowd.OpenUpTo(FirstConnections + step);
            Look(step, before, afterBroadcast: false);
        }

        if (Workload.BroadcastAtEnd)
        {
            _form.Queue(Crowd.Writer, Crowd.Clients[0], _payload.With(RollCall.Stamp));
            Crowd.Writer.FlushDue();
            RunUntil(() => _rollCall.Missing == 0);
            Look(Workload.Connections, before, afterBroadcast: true);
        }
    }

    protected override GeneratorReport Report() => base.Report() with { Connections = Workload.Connections, Memory = _points };

    protected override string DescribeMissing() => $"the message of {_rollCall.Missing} connections";

    private long ReadBytes() => ResidentMemory.ReadBytes(Plan.Servers[0].Process);

    private void Look(int connections, long before, bool afterBroadcast)
    {
        RunFor(Plan.Seconds);
        var bytes = ReadBytes() - before;
        _points.Add(new MemoryPoint(connections, (double)bytes / connections, afterBroadcast));
    }
}
