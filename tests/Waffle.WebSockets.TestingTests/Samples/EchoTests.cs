extern alias echo;

using Microsoft.AspNetCore.TestHost;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.TestingTests.Samples;

public sealed class EchoTests : IAsyncDisposable
{
    private readonly SampleFactory<echo::Program> _sample = new();

    public ValueTask DisposeAsync() => _sample.DisposeAsync();

    [Fact]
    public async Task Text_and_bytes_come_back_as_they_were()
    {
        await using var client = await _sample.Server.ConnectWebSocketAsync("/ws");

        await client.SendTextAsync("Grüße 🧇");
        await client.SendBinaryAsync(new byte[] { 0, 1, 2 });

        Assert.Equal("Grüße 🧇", await client.ReceiveTextAsync());
        Assert.Equal([0, 1, 2], await client.ReceiveBinaryAsync());
    }

    [Fact]
    public async Task The_largest_message_comes_back_and_a_larger_one_ends_the_connection()
    {
        await using var client = await _sample.Server.ConnectWebSocketAsync("/ws");

        await client.SendTextAsync(new string('y', 32 * 1024));
        Assert.Equal(32 * 1024, (await client.ReceiveTextAsync()).Length);
        await client.SendTextAsync(new string('y', 32 * 1024 + 1));

        Assert.Equal(CloseCode.MessageTooBig, (await client.Completion.Soon()).Code);
    }
}
