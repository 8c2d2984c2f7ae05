using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What is left of faults that come again and again: nothing. A class for each real engine inherits the tests, and runs alone.</summary>
public abstract class FaultMemoryContract
{
    protected abstract Task<RealEngine> StartEngineAsync();

    [Theory]
    [InlineData(EngineFault.Kill)]
    [InlineData(EngineFault.Pause)]
    [InlineData(EngineFault.Cut)]
    public async Task Of_a_fault_that_comes_again_and_again_nothing_is_left(EngineFault fault)
    {
        await using var engine = await StartEngineAsync();
        await using var proxy = FaultyProxy.Start(engine.Process.Port);
        await using var scene = await FlatMemoryScene.StartAsync(engine, [engine.Process.Port, proxy.Port]);
        await scene.AssertMemoryIsFlatAsync(async () =>
        {
            await BeginAsync();
            await scene.BroadcastAsync();
            await scene.Cluster.UntilAsync(1, EngineState.Away);

            // Nobody, or not everybody, answers; and what is published now is refused.
            var asking = scene.Cluster.Hubs.Select(static hub => hub.CountEverywhereAsync()).ToArray();
            await scene.BroadcastAsync();
            await scene.JoinAndLeaveAsync();
            await EndAsync();
            await scene.Cluster.UntilAllAreAsync(EngineState.There);
            await Wait.Eventually(() => scene.Cluster.Hubs.All(static hub => hub.Servers.Count == 1), "they know each other");
            await Task.WhenAll(asking).Soon();
            await scene.BroadcastAsync();
        });

        Task BeginAsync()
        {
            switch (fault)
            {
                case EngineFault.Kill:
                    return engine.Process.KillAsync();
                case EngineFault.Pause:
                    return engine.Process.PauseAsync();
                default:
                    proxy.Cut();
                    return Task.CompletedTask;
            }
        }

        Task EndAsync()
        {
            switch (fault)
            {
                case EngineFault.Kill:
                    return engine.Process.StartAsync();
                case EngineFault.Pause:
                    return engine.Process.ResumeAsync();
                default:
                    proxy.Heal();
                    return Task.CompletedTask;
            }
        }
    }

    [Fact]
    public async Task Of_servers_that_died_nothing_is_left()
    {
        await using var engine = await StartEngineAsync();
        await using var scene = await FlatMemoryScene.StartAsync(engine, [engine.Process.Port]);
        var survivor = scene.Cluster.Hubs[0].Bridge!.Link;
        await scene.AssertMemoryIsFlatAsync(async () =>
        {
            await using var proxy = FaultyProxy.Start(engine.Process.Port);
            var mortals = await scene.StartOthersAsync(() => engine.Connect(proxy.Port), servers: 4);
            var ids = mortals.Hubs.Select(static hub => hub.Bridge!.Link.Id).ToArray();
            await Wait.Eventually(() => ids.All(id => survivor.FindName(id) is not null), "all are known");
            foreach (var hub in mortals.Hubs)
            {
                await FlatMemoryScene.BroadcastAsync(hub);
                await hub.Rooms(FlatMemoryScene.Rooms).BroadcastTextAsync("to several");
            }

            // They can't say goodbye.
            await Wait.Eventually(() => mortals.Hubs.All(static hub => hub.Bridge!.Link.WaitingBytes == 0), "all is published");
            proxy.Cut();
            await mortals.DisposeAsync();
            await Wait.Eventually(() => ids.All(id => survivor.FindName(id) is null), "all are forgotten");
        });
    }
}
