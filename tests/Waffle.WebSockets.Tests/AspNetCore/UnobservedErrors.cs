namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Exceptions of tasks that nobody has looked at, from here on. For tests that run alone: the event is the process's.</summary>
internal sealed class UnobservedErrors : IDisposable
{
    private readonly List<Exception> _errors = [];

    public UnobservedErrors()
    {
        Collect();
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    /// <summary>All there are by now.</summary>
    public IReadOnlyList<Exception> Find()
    {
        Collect();
        lock (_errors)
        {
            return [.. _errors];
        }
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    // A task tells of its exception when it is finalized.
    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved)
    {
        lock (_errors)
        {
            _errors.Add(unobserved.Exception);
        }
    }
}
