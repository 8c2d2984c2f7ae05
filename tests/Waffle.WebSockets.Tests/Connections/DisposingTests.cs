using System.Buffers;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class DisposingTests
{
    [Fact]
    public async Task Another_thread_that_disposes_takes_no_message_out_of_its_readers_hands()
    {
        await using var pair = ConnectionPair.Create();
        var mine = ConnectionTestExtensions.Numbered(7, 1000);
        await pair.Client.SendBinaryAsync(mine);
        var message = await pair.Server.ReadAsync().Soon();
        pair.Server.Abort();
        await Task.Run(async () => await pair.Server.DisposeAsync()).Soon();

        // Whoever rents such a buffer next must not get that one.
        for (var i = 0; i < 64; i++)
        {
            Array.Fill(ArrayPool<byte>.Shared.Rent(1000), (byte)0xFF);
        }

        Assert.Equal(mine, message.Data.ToArray());
    }

    [Fact]
    public async Task Options_are_a_copy()
    {
        var options = new WebSocketConnectionOptions();
        await using var pair = ConnectionPair.Create(given => given.WhenQueueFull = QueueFullPolicy.DropNewest);
        pair.Server.Options.WhenQueueFull = QueueFullPolicy.Disconnect;
        pair.Server.Options.MaxMessageSize = 1;

        await pair.Client.SendTextAsync("still accepted");
        Assert.Equal("still accepted", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal(QueueFullPolicy.DropNewest, pair.Server.Settings.WhenQueueFull);
        Assert.Equal(options.MaxMessageSize, pair.Server.MaxMessageSize);
    }
}
