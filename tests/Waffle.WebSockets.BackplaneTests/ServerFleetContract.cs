namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Three servers, each a process of its own; a class for each real engine inherits the test.</summary>
public abstract class ServerFleetContract
{
    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task They_outlive_their_engine_and_one_of_them_and_nothing_is_missing_untold()
    {
        await using var engine = await StartEngineAsync();
        await using var fleet = await ServerFleet.StartAsync(engine, servers: 3);
        var tea = await fleet.MeetAsync();
        await fleet.UntilAllCountAsync(members: 3);

        // Each one's own client hears it all the same.
        await engine.Process.KillAsync();
        for (var i = 0; i < 100; i++)
        {
            await tea.BroadcastAsync();
        }

        await engine.Process.StartAsync();
        await fleet.UntilAllCountAsync(members: 3);
        await tea.UntilAllAreHeardAsync();
        await tea.AssertAllWasHeardOrToldAsync();

        await fleet.KillAsync(server: 2);
        tea.Remove(server: 2);
        await tea.BroadcastAsync();
        await fleet.UntilAllCountAsync(members: 2);
        await tea.UntilAllAreHeardAsync();
        await tea.AssertAllWasHeardOrToldAsync();
    }
}
