using Waffle.WebSockets.Connections;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class OneTimeEventTests
{
    private OneTimeEvent _event;

    [Fact]
    public async Task Who_asks_before_it_happens_is_told_when_it_does()
    {
        var first = _event.Task;
        Assert.Same(first, _event.Task);
        Assert.False(first.IsCompleted);
        Assert.False(_event.HasHappened);

        Assert.True(_event.TrySet());
        await first.Soon();
        Assert.True(_event.HasHappened);
    }

    [Fact]
    public void Who_asks_afterwards_is_told_at_once()
    {
        Assert.True(_event.TrySet());
        Assert.True(_event.HasHappened);
        Assert.True(_event.Task.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_happens_once_whether_anybody_asks_or_not(bool asks)
    {
        _ = asks ? _event.Task : null;

        Assert.True(_event.TrySet());
        Assert.False(_event.TrySet());
    }
}
