using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>However long an engine was away, the drivers look for it every second.</summary>
public sealed class ReconnectIntervalTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void Redis_is_tried_again_after_a_second_as_often_as_it_takes(int attempts) =>
        Assert.True(WebSocketRedisServiceCollectionExtensions.ParseConfiguration("redis:6379").ReconnectRetryPolicy.ShouldRetry(attempts, 1_000));

    [Fact]
    public void Nats_is_tried_again_after_a_second_as_often_as_it_takes()
    {
        var options = WebSocketNatsServiceCollectionExtensions.CreateOptions("nats://nats:4222");
        Assert.Equal(
            (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), -1), (options.ReconnectWaitMin, options.ReconnectWaitMax, options.MaxReconnectRetry));
    }
}
