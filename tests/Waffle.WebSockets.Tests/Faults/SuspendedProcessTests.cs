using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A server that stands still as a whole for longer than its peers may be silent, as after a laptop's lid or a snapshot.</summary>
[Collection(RunsAlone.Name)]
public sealed class SuspendedProcessTests
{
    private const int Healthy = 20;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task After_it_healthy_peers_live_on_and_one_that_answers_nothing_is_found()
    {
        await using var server = await TargetServer.StartAsync([$"--WebSockets:PingInterval={_interval}", $"--WebSockets:PongTimeout={_timeout}"]);
        var peers = new List<AnsweringPeer>();
        for (var i = 0; i < Healthy; i++)
        {
            peers.Add(new AnsweringPeer(await server.ConnectPeerAsync($"/room?name={i}")));
        }

        // Stopped while everybody owes it an answer; these come while it cannot read them.
        var mayAnswer = new TaskCompletionSource();
        peers.ForEach(peer => peer.MayAnswer = mayAnswer.Task);
        var before = peers.ConvertAll(peer => peer.Pings);
        await Wait.Eventually(() => peers.Zip(before).All(pair => pair.First.Pings > pair.Second), "all have been pinged");
        await server.SignalAsync("STOP");
        mayAnswer.SetResult();

        // Waits for nothing: it is the fault itself.
        await Task.Delay(_interval + _timeout + _interval);
        before = peers.ConvertAll(peer => peer.Pings);
        await server.SignalAsync("CONT");
        await using var silent = await server.ConnectPeerAsync("/room?name=silent");
        Assert.Equal(RawFrame.PingOpcode, (await silent.ReadFrameAsync())!.Opcode);
        await Wait.Eventually(() => peers.Zip(before).All(pair => pair.First.Pings >= pair.Second + 3), "all have been pinged three times more");
        await Wait.Eventually(async () => await server.CountClientsAsync() == Healthy, "the silent one is gone");

        for (var i = 0; i < Healthy; i++)
        {
            await peers[i].AssertEchoesAsync($"hello {i}");
            await peers[i].DisposeAsync();
        }
    }
}
