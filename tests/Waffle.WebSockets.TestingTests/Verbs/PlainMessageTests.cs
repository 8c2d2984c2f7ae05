using System.Text;

namespace Waffle.WebSockets.TestingTests.Verbs;

public sealed class PlainMessageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(300_000)]
    public async Task Text_and_bytes_of_any_length_come_back_as_they_were(int length)
    {
        var (hub, client) = await EchoClient.ConnectAsync(configure: o => o.ConfigureEndpoint = endpoint => endpoint.MaxMessageSize = 1 << 20);
        await using var _ = hub;
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        var bytes = Encoding.UTF8.GetBytes(text);

        await client.SendTextAsync(text);
        await client.SendBinaryAsync(bytes);

        Assert.Equal(text, await client.ReceiveTextAsync());
        Assert.Equal(bytes, await client.ReceiveBinaryAsync());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_message_of_the_other_kind_is_told()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;
        await client.SendTextAsync("text");
        await client.SendBinaryAsync(new byte[] { 1 });

        await Assert.ThrowsAsync<UnexpectedMessageKindException>(() => client.ReceiveBinaryAsync());
        await Assert.ThrowsAsync<UnexpectedMessageKindException>(() => client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Fragments_become_one_message_and_control_frames_may_lie_between()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;

        await client.SendFrameAsync(opcode: 1, "Hel"u8.ToArray(), isFinal: false);
        await client.PingAsync();
        await client.SendFrameAsync(opcode: 0, "lo!"u8.ToArray());

        Assert.Equal("Hello!", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_is_wanted_is_taken_from_its_place_and_the_rest_stays_in_order()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;
        foreach (var text in new[] { "one", "two", "three" })
        {
            await client.SendTextAsync(text);
        }

        var two = await client.ReceiveAsync("two", message => message.Text == "two");

        Assert.Equal("two", two.Text);
        Assert.Equal("one", await client.ReceiveTextAsync());
        Assert.Equal("three", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Two_may_wait_for_different_messages_at_once()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;

        var second = client.ReceiveAsync("b", message => message.Text == "b");
        var first = client.ReceiveTextAsync();
        await client.SendTextAsync("a");
        await client.SendTextAsync("b");

        Assert.Equal("a", await first);
        Assert.Equal("b", (await second).Text);
    }

    [Fact]
    public async Task A_wait_that_is_called_off_takes_no_message()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;
        using var cancellation = new CancellationTokenSource();

        var wait = client.ReceiveAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await client.SendTextAsync("still there");

        Assert.Equal("still there", await client.ReceiveTextAsync());
        Assert.Empty(client.Unread);
    }

    [Fact]
    public async Task Messages_that_were_compressed_are_inflated_with_what_came_before()
    {
        var (hub, client) = await EchoClient.ConnectAsync(configure: options =>
        {
            options.OfferCompression = true;
            options.ConfigureEndpoint = endpoint => (endpoint.Compression, endpoint.CompressionThreshold) = (MessageCompression.ContextTakeover, 0);
        });
        await using var _ = hub;
        await using var __ = client;
        var text = string.Join(' ', Enumerable.Range(0, 200));
        Assert.True(client.IsCompressed);

        for (var i = 0; i < 3; i++)
        {
            await client.SendTextAsync(text);
            var echo = await client.ReceiveAsync();
            Assert.True(echo.WasCompressed);
            Assert.Equal(text, echo.Text);
        }
    }

    [Fact]
    public async Task Compression_is_only_where_both_want_it()
    {
        var (hub, client) = await EchoClient.ConnectAsync(configure: options => options.OfferCompression = true);
        await using var _ = hub;
        await using var __ = client;

        Assert.False(client.IsCompressed);
        await client.SendTextAsync("plain");
        Assert.False((await client.ReceiveAsync()).WasCompressed);
    }
}
