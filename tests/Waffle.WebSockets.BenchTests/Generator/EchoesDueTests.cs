using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;
using Waffle.WebSockets.Bench.Load.Generator.Runs;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class EchoesDueTests
{
    [Fact]
    public void The_oldest_is_due()
    {
        var due = new EchoesDue(connection: 7, depth: 2);
        Assert.Equal(new Stamp(7, 0, 100), due.Add(100));
        Assert.Equal(new Stamp(7, 1, 200), due.Add(200));

        Assert.Equal(new Stamp(7, 0, 100), due.Take());
        Assert.Equal(new Stamp(7, 2, 300), due.Add(300));
        Assert.Equal(new Stamp(7, 1, 200), due.Take());
        Assert.Equal(1, due.Count);
    }

    [Fact]
    public void One_more_than_was_sent_fails_the_run()
    {
        Assert.Throws<RunFailedException>(() => new EchoesDue(connection: 7, depth: 2).Take());
    }
}
