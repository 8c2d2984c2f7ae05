using Waffle.WebSockets.Bench.Load.Generator.Clients;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>Sends on each connection, and compares every byte that comes back.</summary>
internal sealed class EchoRun : LoadRun
{
    private readonly Payload _payload;
    private readonly PayloadFinder _finder = new();
    private readonly MessageForm _form;
    private readonly EchoesDue[] _due;
    private readonly bool _mayHoldSeveral;
    private bool _isStopping;

    public EchoRun(GeneratorPlan plan, Peer peer)
        : base(plan, peer, plan.Workload.Connections)
    {
        _payload = Workload.CreatePayload();
        _form = new MessageForm(peer.Dialect, Workload.ConversationOf(0));
        _mayHoldSeveral = peer.Dialect.SeveralPayloadsPerMessage;
        _due = [.. Crowd.Clients.Select(client => new EchoesDue(client.Number, Workload.Depth))];
    }

    public override void OnMessage(Client client, ReadOnlySpan<byte> message, long now)
    {
        var place = _finder.Find(message, from: 0);
        if (place < 0)
        {
            Crowd.Protocol.TakeSmallTalk(client, message);
            return;
        }

        while (place >= 0)
        {
            Take(client, message[place..], now);
            place = _mayHoldSeveral ? _finder.Find(message, place + _payload.Length) : -1;
        }
    }

    protected override void Execute()
    {
        Crowd.OpenUpTo(Workload.Connections);
        foreach (var client in Crowd.Clients)
        {
            for (var i = 0; i < Workload.Depth; i++)
            {
                Send(client, Clock.Now);
            }
        }

        Crowd.Writer.FlushDue();
        WarmUpAndMeasure();
        _isStopping = true;
        RunUntil(() => _due.Sum(echoes => echoes.Count) == 0);
    }

    protected override string DescribeMissing() =>
        $"{_due.Sum(echoes => echoes.Count)} echoes on {_due.Count(echoes => echoes.Count > 0)} connections";

    private void Take(Client client, ReadOnlySpan<byte> text, long now)
    {
        NoteProgress(now);
        var sent = _due[client.Number].Take();
        if (!text.StartsWith(_payload.With(sent)))
        {
            throw new RunFailedException($"What connection {client.Number} got is not message {sent.Sequence}, which was due.");
        }

        Measurement.Add(now - sent.Time);
        if (!_isStopping)
        {
            Send(client, now);
        }
    }

    private void Send(Client client, long now) =>
        _form.Queue(Crowd.Writer, client, _payload.With(_due[client.Number].Add(now)));
}
