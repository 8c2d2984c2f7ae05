using Microsoft.AspNetCore.Connections.Features;
using Waffle.WebSockets.Testing;
using Waffle.WebSockets.TestingTests.Verbs;

namespace Waffle.WebSockets.TestingTests.Network;

public sealed class SplitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(125)]
    public async Task Messages_are_whole_wherever_their_frames_are_cut(int bytes)
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;
        client.Network.Split(bytes);

        foreach (var length in new[] { 0, 1, 125, 126, 500 })
        {
            await client.SendTextAsync(new string('é', length));
            Assert.Equal(new string('é', length), await client.ReceiveTextAsync());
        }
    }

    [Fact]
    public async Task The_server_reads_so_many_bytes_at_once()
    {
        var most = 0L;
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync(EchoClient.EchoAsync, options => options.ConfigureRequest = http =>
            http.Features.Set<IConnectionTransportFeature>(
                new MeasuredTransport(http.Features.Get<IConnectionTransportFeature>()!.Transport, read => most = Math.Max(most, read))));
        client.Network.ToServer.Split(3);

        await client.SendTextAsync("Hello, hello, hello!");
        await client.ReceiveTextAsync();

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_close_in_single_bytes_is_a_close()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        client.Network.Split(1);

        var close = await client.CloseAsync((CloseCode)4000, "In small pieces.");

        Assert.Equal((CloseCode)4000, close.Code);
    }

    [Fact]
    public async Task A_piece_has_a_byte_at_least()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;

        Assert.Throws<ArgumentOutOfRangeException>(() => client.Network.Split(0));
    }
}
