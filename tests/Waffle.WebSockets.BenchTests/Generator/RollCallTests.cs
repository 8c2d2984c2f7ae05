using Waffle.WebSockets.Bench.Load.Generator.Runs;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class RollCallTests
{
    [Fact]
    public void Each_connection_that_is_called_counts_once()
    {
        var call = new RollCall([0, 2]);
        Assert.True(call.Answer(2));
        Assert.False(call.Answer(2));
        Assert.False(call.Answer(1));
        Assert.Equal(1, call.Missing);

        Assert.True(call.Answer(0));
        Assert.Equal(0, call.Missing);
    }
}
