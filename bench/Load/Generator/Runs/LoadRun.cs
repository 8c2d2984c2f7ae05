using Waffle.WebSockets.Bench.Load.Generator.Clients;
using Waffle.WebSockets.Bench.Load.Generator.Measuring;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>A workload, carried out once against one server.</summary>
internal abstract class LoadRun : IClientEvents, IDisposable
{
    private const int LongestWait = 100;

    private static readonly long _patience = Clock.ToNanoseconds(10);

    private long _lastProgress;

    protected LoadRun(GeneratorPlan plan, Peer peer, int connections)
    {
        Plan = plan;
        Measurement = new Measurement([.. plan.Servers.Select(server => server.Process)], plan.EngineProcess);
        Crowd = new Crowd(connections, new Endpoint(peer, PortOf, ConversationOf, plan.Workload.Kind == LoadKind.Connect), this);
    }

    protected GeneratorPlan Plan { get; }

    protected Workload Workload => Plan.Workload;

    protected Crowd Crowd { get; }

    protected Measurement Measurement { get; }

    /// <summary>Carries it out, and tells what came of it.</summary>
    public GeneratorReport Run()
    {
        try
        {
            Execute();
            return Report();
        }
        catch (RunFailedException failure)
        {
            return new GeneratorReport { Failure = failure.Message, Connections = Crowd.OpenCount };
        }
    }

    public virtual void OnOpen(Client client)
    {
    }

    public abstract void OnMessage(Client client, ReadOnlySpan<byte> message, long now);

    public virtual void OnEnd(Client client, string? reason) =>
        throw new RunFailedException($"Connection {client.Number} of {Crowd.Clients.Count} ended: {reason ?? "closed"}.");

    public void Dispose() => Crowd.Dispose();

    protected abstract void Execute();

    protected virtual GeneratorReport Report() => new() { Connections = Crowd.Clients.Count, Interval = Measurement.Interval };

    protected virtual Conversation ConversationOf(Client client) => Workload.ConversationOf(client.Number);

    /// <summary>What is still missing, for the reason of a failure.</summary>
    protected virtual string DescribeMissing() => "nothing";

    /// <summary>Lets the load run: first to warm up, then measured.</summary>
    protected void WarmUpAndMeasure()
    {
        RunFor(Plan.WarmUpSeconds);
        Measurement.Begin();
        RunFor(Plan.Seconds);
        Measurement.End();
        if (Measurement.Interval!.Count == 0)
        {
            throw new RunFailedException($"Nothing was complete after {Plan.Seconds} s.");
        }
    }

    protected void RunFor(double seconds)
    {
        var end = Clock.Now + Clock.ToNanoseconds(seconds);
        RunUntil(() => Clock.Now >= end, () => (int)((end - Clock.Now) / 1_000_000) + 1);
    }

    /// <summary>Handles events until a condition holds; gives up when nothing has come for a long time.</summary>
    protected void RunUntil(Func<bool> condition) => RunUntil(condition, static () => LongestWait);

    /// <summary>Tells that the server is at work.</summary>
    protected void NoteProgress(long now) => _lastProgress = now;

    // What is meant for two servers goes to one where there is one only.
    private int PortOf(Client client) => Plan.Servers[Math.Min(Workload.ServerOf(client.Number), Plan.Servers.Count - 1)].Port;

    private void RunUntil(Func<bool> condition, Func<int> remaining)
    {
        _lastProgress = Clock.Now;
        while (!condition())
        {
            Crowd.Poll(Plan.Spin ? 0 : Math.Clamp(remaining(), 0, LongestWait));
            if (Clock.Now - _lastProgress > _patience)
            {
                throw new RunFailedException($"Nothing came for {Clock.ToSeconds(_patience)} s. Missing: {DescribeMissing()}.");
            }
        }
    }
}
