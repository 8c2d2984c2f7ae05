using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.BenchTests.Processes;

public sealed class ResidentMemoryTests
{
    [Fact]
    public void The_resident_set_is_read_in_bytes()
    {
        const string Rollup = "55f0-7ffd ---p 00000000 00:00 0 [rollup]\nRss:          12 kB\nPss:           7 kB\n";

        Assert.Equal(12 * 1024, ResidentMemory.Parse(Rollup));
    }
}
