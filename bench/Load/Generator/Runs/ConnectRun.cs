using Waffle.WebSockets.Bench.Load.Generator.Clients;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>Opens connections, closes each as soon as it is open, and opens another in its place once it has ended.</summary>
internal sealed class ConnectRun(GeneratorPlan plan, Peer peer) : LoadRun(plan, peer, plan.Workload.Connections)
{
    private bool _isStopping;
    private int _active;

    public override void OnOpen(Client client) => Crowd.Protocol.Close(client);

    public override void OnMessage(Client client, ReadOnlySpan<byte> message, long now) => Crowd.Protocol.TakeSmallTalk(client, message);

    public override void OnEnd(Client client, string? reason)
    {
        if (reason is not null)
        {
            base.OnEnd(client, reason);
        }

        var now = Clock.Now;
        NoteProgress(now);
        Measurement.Add(now - client.Started);
        if (_isStopping)
        {
            _active--;
        }
        else
        {
            Crowd.Start(client);
        }
    }

    protected override void Execute()
    {
        _active = Crowd.Clients.Count;
        foreach (var client in Crowd.Clients)
        {
            Crowd.Start(client);
        }

        WarmUpAndMeasure();
        _isStopping = true;
        RunUntil(() => _active == 0);
    }

    protected override string DescribeMissing() =>
        $"the end of {Crowd.Clients.Count(client => client.State == ClientState.Closing)} connections";
}
