using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Runs;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class SubscriptionsTests
{
    private readonly Subscriptions _subscriptions = new(2);

    [Fact]
    public void Each_subscriber_gets_all_in_order()
    {
        _subscriptions.Take(0, 0);
        _subscriptions.Take(0, 1);
        _subscriptions.Take(1, 0);
        _subscriptions.Take(0, 2);
    }

    [Theory]
    [InlineData(0, "twice")]
    [InlineData(2, "lost")]
    public void Another_message_than_the_one_that_is_due_fails_the_run(long sequence, string reason)
    {
        _subscriptions.Take(1, 0);

        var failure = Assert.Throws<RunFailedException>(() => _subscriptions.Take(1, sequence));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
