using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests;

/// <summary>That what finds races does find them.</summary>
public sealed class InterleaverTests
{
    private const int Seeds = 200;

    [Fact]
    public void An_update_that_another_comes_between_is_lost_in_some_schedules_and_not_in_others()
    {
        var totals = Enumerable.Range(0, Seeds).Select(CountWithoutLock).ToHashSet();

        Assert.Contains(2, totals);
        Assert.Contains(1, totals);
    }

    [Fact]
    public void A_seed_repeats_its_schedule() =>
        Assert.All(Enumerable.Range(0, Seeds), seed => Assert.Equal(CountWithoutLock(seed), CountWithoutLock(seed)));

    [Fact]
    public void Under_a_lock_no_update_is_lost() => Assert.All(Enumerable.Range(0, Seeds), seed =>
    {
        var (total, gate) = (0, new Lock());
        Run(seed, () =>
        {
            lock (gate)
            {
                var before = total;
                Interleaver.Point();
                total = before + 1;
            }
        });
        Assert.Equal(2, total);
    });

    [Fact]
    public void What_is_awaited_goes_on_within_the_schedule()
    {
        var steps = new HashSet<string>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var trace = new List<string>();
            var schedule = new Interleaver(seed);
            schedule.Add(() => _ = WriteAsync("a"));
            schedule.Add(() => _ = WriteAsync("b"));
            schedule.Run();
            steps.Add(string.Concat(trace));

            async Task WriteAsync(string name)
            {
                trace.Add(name);
                await Task.Yield();
                trace.Add(name);
            }
        }

        Assert.Equal(["aabb", "abab", "abba", "baab", "baba", "bbaa"], steps.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_an_actor_throws_fails_the_schedule()
    {
        var schedule = new Interleaver(0);
        schedule.Add(() => throw new FormatException());

        var failure = Assert.Throws<InvalidOperationException>(schedule.Run);
        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Fact]
    public void Actors_that_wait_for_each_other_fail_the_schedule()
    {
        var (first, second) = (new Lock(), new Lock());
        var failures = new List<string?>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var schedule = new Interleaver(seed) { Patience = TimeSpan.FromMilliseconds(1) };
            schedule.Add(() => Nest(first, second));
            schedule.Add(() => Nest(second, first));
            if (Record.Exception(schedule.Run) is { } failure)
            {
                failures.Add(failure.InnerException?.Message);
                (first, second) = (new Lock(), new Lock());
            }
        }

        Assert.NotEmpty(failures);
        Assert.All(failures, message => Assert.Equal("All of 2 actors wait.", message));

        static void Nest(Lock outer, Lock inner)
        {
            lock (outer)
            {
                lock (inner)
                {
                    Interleaver.Point();
                }
            }
        }
    }

    private static int CountWithoutLock(int seed)
    {
        var total = 0;
        Run(seed, () =>
        {
            var before = total;
            Interleaver.Point();
            total = before + 1;
        });
        return total;
    }

    private static void Run(int seed, Action twice)
    {
        var schedule = new Interleaver(seed);
        schedule.Add(twice);
        schedule.Add(twice);
        schedule.Run();
    }
}
