using System.Diagnostics;

namespace Waffle.WebSockets.InterleavingTests.Schedules;

/// <summary>
/// Runs actors one at a time, and switches between them at points: where a lock is taken or released, and where the code says. A seed decides where
/// and to whom, so that a schedule can be repeated.
/// </summary>
/// <remarks>What is awaited goes on as an actor of its own, and so does what is given to the thread pool, but for the callbacks of a token: they are waited for.</remarks>
internal sealed class Interleaver
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [ThreadStatic]
    private static Actor? _current;

    private readonly List<Actor> _actors = [];
    private readonly Signal _isOver = new();
    private readonly ScheduleContext _context;
    private readonly int _switchesIn;
    private Exception? _error;

    /// <param name="seed">Decides everything.</param>
    public Interleaver(int seed)
    {
        Random = new Random(seed);
        _switchesIn = 2 << Random.Next(3);
        _context = new ScheduleContext(this);
    }

    /// <summary>For the choices of the actors.</summary>
    public Random Random { get; }

    /// <summary>How long all actors may wait for what is under way on the thread pool.</summary>
    public TimeSpan Patience { get; init; } = _patience;

    /// <summary>How many times the thread was changed.</summary>
    public int Switches { get; private set; }

    /// <summary>Whether all actors but one have ended.</summary>
    public bool IsOneLeft
    {
        get
        {
            lock (_actors)
            {
                return _actors.Count == 1;
            }
        }
    }

    /// <summary>Others may come now. Without effect for who is no actor.</summary>
    public static void Point()
    {
        if (_current is { Schedule._error: null } me && me.Schedule.Random.Next(me.Schedule._switchesIn) == 0)
        {
            me.Schedule.Yield(me);
        }
    }

    /// <summary>Lets others run until a condition holds.</summary>
    public static void WaitUntil(Func<bool> condition)
    {
        if (_current is not { } me)
        {
            Assert.True(SpinWait.SpinUntil(condition, _patience));
            return;
        }

        if (!condition())
        {
            me.Condition = condition;
            me.Schedule.Yield(me);
            me.Condition = null;
        }
    }

    /// <summary>Adds an actor to the schedule of the one that calls; <see langword="false"/> for who is none.</summary>
    public static bool TryAdd(Action work)
    {
        _current?.Schedule.Add(work);
        return _current is not null;
    }

    /// <summary>Adds an actor.</summary>
    public void Add(Action work)
    {
        // The thread pool may add one, too.
        lock (_actors)
        {
            _actors.Add(new Actor(this, work));
        }
    }

    /// <summary>Runs until all actors have ended; throws what the first of them threw.</summary>
    public void Run()
    {
        // Not on this thread: where an actor fails, those that wait are left to themselves.
        var first = PickNext();
        ActorThread.Start(() => RunActors(first));
        _isOver.Wait();
        if (_error is not null)
        {
            throw new InvalidOperationException("An actor failed.", _error);
        }
    }

    private void Yield(Actor me)
    {
        var next = PickNext() ?? throw _error!;
        if (next == me)
        {
            return;
        }

        Switches++;
        HandOver(next);
        me.WaitForResume();
    }

    private void HandOver(Actor next)
    {
        if (next.IsStarted)
        {
            next.Resume();
        }
        else
        {
            ActorThread.Start(() => RunActors(next));
        }
    }

    // Ends when it has handed over to another thread, or when all is over.
    private void RunActors(Actor? actor)
    {
        var outerContext = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        while (actor is not null)
        {
            actor.IsStarted = true;
            _current = actor;
            try
            {
                actor.Work();
            }
            catch (Exception error)
            {
                _error ??= error;
            }

            lock (_actors)
            {
                _actors.Remove(actor);
            }

            actor = _error is null ? PickNext() : null;
            if (actor is null)
            {
                _isOver.Set();
            }
            else if (actor.IsStarted)
            {
                actor.Resume();
                break;
            }
        }

        _current = null;
        SynchronizationContext.SetSynchronizationContext(outerContext);
    }

    // Null: nobody is left, or nobody can go on.
    private Actor? PickNext()
    {
        long began = 0;
        while (true)
        {
            lock (_actors)
            {
                if (_actors.Count == 0)
                {
                    return null;
                }

                var first = Random.Next(_actors.Count);
                for (var i = 0; i < _actors.Count; i++)
                {
                    var actor = _actors[(first + i) % _actors.Count];
                    if (actor.IsRunnable)
                    {
                        return actor;
                    }
                }
            }

            // What is under way on the thread pool may make one of them runnable.
            began = began == 0 ? Stopwatch.GetTimestamp() : began;
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                _error ??= new InvalidOperationException($"All of {_actors.Count} actors wait.");
                return null;
            }

            Thread.Yield();
        }
    }
}
