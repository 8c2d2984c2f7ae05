using System.Threading.Channels;
using NATS.Client.Core;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A subscription whose driver can't tell the server that it is taken back.</summary>
public sealed class NatsSubscriptionTests
{
    [Fact]
    public async Task Also_where_the_server_could_not_be_told_what_had_come_is_delivered_before_that_is_said()
    {
        using var gate = new ManualResetEventSlim();
        var isHeldUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new RecordingReceiver
        {
            Taking = _ =>
            {
                isHeldUp.TrySetResult();
                gate.Wait();
            },
        };
        var subscription = new NatsSubscription("tea", new Untold(messages: 3), receiver);
        subscription.Begin(static _ => { });
        await isHeldUp.Task.Soon();
        var ending = subscription.EndAsync();
        Assert.False(ending.IsCompleted);
        gate.Set();
        await Assert.ThrowsAsync<NatsException>(() => ending.Soon());
        Assert.Equal(3, receiver.Messages("tea").Count);
    }

    private sealed class Untold : INatsSub<NatsMemoryOwner<byte>>
    {
        private readonly Channel<NatsMsg<NatsMemoryOwner<byte>>> _messages = Channel.CreateUnbounded<NatsMsg<NatsMemoryOwner<byte>>>();

        public Untold(int messages)
        {
            for (var i = 0; i < messages; i++)
            {
                _messages.Writer.TryWrite(new NatsMsg<NatsMemoryOwner<byte>>(Subject, null, 1, null, NatsMemoryOwner<byte>.Allocate(1), null));
            }
        }

        public ChannelReader<NatsMsg<NatsMemoryOwner<byte>>> Msgs => _messages.Reader;

        public string Subject => "tea";

        public string? QueueGroup => null;

        public ValueTask UnsubscribeAsync()
        {
            _messages.Writer.Complete();
            return ValueTask.FromException(new NatsException("No."));
        }

        public ValueTask DrainAsync(CancellationToken cancellationToken = default) => UnsubscribeAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
