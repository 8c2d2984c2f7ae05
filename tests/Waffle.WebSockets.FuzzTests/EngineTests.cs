using SharpFuzz.Common;
using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.FuzzTests;

public sealed class EngineTests : IDisposable
{
    private readonly string _currentFile = Path.GetTempFileName();
    private readonly Coverage _coverage = new();

    public void Dispose()
    {
        _coverage.Dispose();
        File.Delete(_currentFile);
    }

    // Without coverage, eight given bytes in a row would take longer than the universe.
    [Fact]
    public void It_finds_its_way_byte_by_byte_and_makes_what_it_found_small()
    {
        using var driver = Create(new Maze());
        var finding = driver.Run(["__________________"u8.ToArray()], TimeSpan.FromMinutes(5));
        Assert.Equal("!waffles"u8.ToArray(), finding?.Input);
        Assert.Equal("The way out is closed.", Assert.IsType<FuzzFailure>(finding?.Failure).Rule);
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        var runs = new List<List<string>>();
        for (var i = 0; i < 2; i++)
        {
            using var coverage = new Coverage();
            var inputs = new List<string>();
            using var driver = new Driver(new Maze(), coverage, _currentFile, seed: 7, () => { })
            {
                OnNewInput = input => inputs.Add(Convert.ToHexString(input)),
            };
            driver.Run([], TimeSpan.FromMinutes(5));
            runs.Add(inputs);
        }

        Assert.True(runs[0].Count > 5);
        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void Work_that_grows_faster_than_the_input_is_a_failure()
    {
        using var driver = Create(new Square());
        var finding = driver.Run([new byte[10]], TimeSpan.FromMinutes(5));
        Assert.Equal("The work is linear in the bytes.", Assert.IsType<FuzzFailure>(finding?.Failure).Rule);
    }

    [Fact]
    public void The_input_of_a_run_that_ended_the_process_is_in_the_file()
    {
        using (var current = new CurrentInput(_currentFile, maxLength: 100))
        {
            Assert.Null(CurrentInput.Load(_currentFile));
            current.Begin("long before"u8);
            current.Begin("last words"u8);
        }

        Assert.Equal("last words"u8.ToArray(), CurrentInput.Load(_currentFile));
    }

    [Fact]
    public void Between_two_runs_there_is_no_input()
    {
        using (var current = new CurrentInput(_currentFile, maxLength: 100))
        {
            current.Begin("harmless"u8);
            current.End();
        }

        Assert.Null(CurrentInput.Load(_currentFile));
    }

    [Fact]
    public void No_mutation_is_longer_than_allowed()
    {
        var mutator = new Mutator(new Random(1), [new byte[50]], maxLength: 60);
        byte[] input = [1, 2, 3];
        for (var i = 0; i < 100_000; i++)
        {
            input = [.. mutator.Mutate(input, [4, 5, 6, 7])];
            Assert.InRange(input.Length, 0, 60);
        }
    }

    private Driver Create(IFuzzTarget target) => new(target, _coverage, _currentFile, seed: 1, () => { });

    // Enters a block as instrumented code does.
    private static unsafe void Enter(int block)
    {
        Trace.SharedMem[block ^ Trace.PrevLocation]++;
        Trace.PrevLocation = block >> 1;
        Trace.OnBranch(block, "method");
    }

    private abstract class Target : IFuzzTarget
    {
        public string Name => "test";

        public IReadOnlyList<byte[]> Dictionary => [];

        public IReadOnlyList<string> Covers => [];

        public int MaxLength => 64;

        public int StepsPerByte => 100;

        public abstract long Run(ReadOnlySpan<byte> input);
    }

    private sealed class Maze : Target
    {
        public override long Run(ReadOnlySpan<byte> input)
        {
            var way = "!waffles"u8;
            for (var i = 0; i < way.Length && i < input.Length && input[i] == way[i]; i++)
            {
                Enter(1000 * (i + 1));
                Check.That(i < way.Length - 1, "The way out is closed.");
            }

            return 0;
        }
    }

    private sealed class Square : Target
    {
        public override long Run(ReadOnlySpan<byte> input)
        {
            for (var i = 0; i < 10 * input.Length * input.Length; i++)
            {
                Enter(1);
            }

            return input.Length;
        }
    }
}
