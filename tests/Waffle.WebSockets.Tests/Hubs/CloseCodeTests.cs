using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Which codes a Close may carry, on every way to close.</summary>
public sealed class CloseCodeTests
{
    private static readonly string[] _ways = ["connection", "client", "hub", "room", "rooms", "user", "whole hub"];

    public static MatrixTheoryData<string, int> Forbidden => new(_ways, [1005, 1006, 1015, 999, 1004, 5000]);

    public static MatrixTheoryData<string, int> Allowed => new(_ways, [3000, 4999]);

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task C27_a_code_that_no_Close_may_carry_is_an_argument_error_and_nobody_is_closed(string way, int code)
    {
        await using var scene = new HubScene();
        var peer = await ConnectAsync(scene);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => CloseAsync(peer.Client, way, (CloseCode)code));

        Assert.False(peer.Client.Connection.IsClosed);
        Assert.Equal(SendStatus.Queued, await peer.Client.SendTextAsync("open"));
        Assert.Equal("open", await peer.NextTextAsync());
        await scene.ConnectAsync();
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task C27_an_applications_code_goes_out(string way, int code)
    {
        await using var scene = new HubScene();
        var peer = await ConnectAsync(scene);
        var closing = CloseAsync(peer.Client, way, (CloseCode)code);

        Assert.Equal("because", (await peer.Peer.ExpectCloseAsync((CloseCode)code)).CloseReason);
        await peer.Peer.SendCloseAsync(code);
        await closing.Soon();
        Assert.Equal(new CloseInfo((CloseCode)code, "because", CloseCause.ClosedHere), await peer.Client.Connection.Completion.Soon());
    }

    private static async Task<HubPeer> ConnectAsync(HubScene scene)
    {
        var peer = await scene.ConnectAsync("ann");
        await peer.Client.JoinAsync("room");
        return peer;
    }

    private static Task CloseAsync(HubClient client, string way, CloseCode code) => way switch
    {
        "connection" => client.Connection.CloseAsync(code, "because"),
        "client" => client.CloseAsync(code, "because"),
        "hub" => client.Hub.DisconnectAsync(code, "because"),
        "room" => client.Hub.Room("room").DisconnectAsync(code, "because"),
        "rooms" => client.Hub.Rooms("room", "other").DisconnectAsync(code, "because"),
        "user" => client.Hub.User("ann").DisconnectAsync(code, "because"),
        _ => client.Hub.CloseAsync(code, "because"),
    };
}
