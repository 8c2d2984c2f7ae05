using System.Diagnostics;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Runs a target in this process with input after input, and keeps those that reach something new.</summary>
internal sealed class Driver : IDisposable
{
    // What a run may cost whatever the input.
    private const int FixedSteps = 5000;

    private static readonly TimeSpan _progressInterval = TimeSpan.FromSeconds(4);

    private readonly IFuzzTarget _target;
    private readonly Coverage _coverage;
    private readonly CurrentInput _current;
    private readonly Watchdog _watchdog;
    private readonly Corpus _corpus;
    private readonly Mutator _mutator;

    /// <summary>Prepares to run.</summary>
    /// <param name="target">What to run.</param>
    /// <param name="coverage">What it reaches.</param>
    /// <param name="currentFile">Where the input of the run under way is kept.</param>
    /// <param name="seed">The same seed makes the same inputs.</param>
    /// <param name="onHang">Called, on another thread, when a run does not end.</param>
    public Driver(IFuzzTarget target, Coverage coverage, string currentFile, int seed, Action onHang)
    {
        var random = new Random(seed);
        (_target, _coverage) = (target, coverage);
        _current = new CurrentInput(currentFile, target.MaxLength);
        _watchdog = new Watchdog(onHang);
        _corpus = new Corpus(random);
        _mutator = new Mutator(random, target.Dictionary, target.MaxLength);
    }

    public long Runs { get; private set; }

    /// <summary>The most blocks that a run entered, for each that it may enter.</summary>
    public double WorkShare { get; private set; }

    public int CorpusSize => _corpus.Count;

    /// <summary>Called with each input that reached something new.</summary>
    public Action<byte[]> OnNewInput { get; init; } = _ => { };

    /// <summary>Called every few seconds.</summary>
    public Action<Driver> OnProgress { get; init; } = _ => { };

    /// <summary>Runs the seeds and then what is made of them, until the time is up or a run fails.</summary>
    /// <returns>The input that failed, made smaller, and the failure; <see langword="null"/> if none did.</returns>
    public (byte[] Input, Exception Failure)? Run(IReadOnlyList<byte[]> seeds, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        foreach (var seed in seeds.Prepend([]).Where(seed => seed.Length <= _target.MaxLength))
        {
            // The first time static constructors run too, which no other run can repeat.
            if ((Try(seed) ?? Try(seed)) is { } failure)
            {
                return Minimize(seed, failure);
            }

            Keep(seed);
        }

        var nextProgress = _progressInterval;
        while (clock.Elapsed < time)
        {
            var input = _mutator.Mutate(_corpus.Pick(), _corpus.Pick());
            if (Try(input) is { } failure)
            {
                return Minimize([.. input], failure);
            }

            Keep(input);
            if (clock.Elapsed > nextProgress)
            {
                OnProgress(this);
                nextProgress = clock.Elapsed + _progressInterval;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _current.Dispose();
    }

    private void Keep(ReadOnlySpan<byte> input)
    {
        if (_coverage.End() || _corpus.Count == 0)
        {
            _corpus.Add(input);
            OnNewInput([.. input]);
        }
    }

    private Exception? Try(ReadOnlySpan<byte> input)
    {
        _current.Begin(input);
        _watchdog.Tick();
        _coverage.Begin();
        try
        {
            CheckWork(_target.Run(input));
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
        finally
        {
            _watchdog.Tick();
            _current.End();
            Runs++;
        }
    }

    private void CheckWork(long bytes)
    {
        var most = FixedSteps + (bytes * _target.StepsPerByte);
        WorkShare = Math.Max(WorkShare, (double)_coverage.Steps / most);
        if (_coverage.Steps > most)
        {
            throw new FuzzFailure("The work is linear in the bytes.", $"{_coverage.Steps} steps for {bytes} bytes; {most} are allowed");
        }
    }

    private (byte[] Input, Exception Failure) Minimize(byte[] input, Exception failure)
    {
        var kind = FailureKind.Of(failure);
        var smaller = Minimizer.Minimize(input, candidate => Try(candidate) is { } other && FailureKind.Of(other) == kind);
        return (smaller, Try(smaller) ?? failure);
    }
}
