namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>Which message each subscriber must get next.</summary>
internal sealed class Subscriptions(int count)
{
    private readonly long[] _next = new long[count];

    /// <exception cref="RunFailedException">It was not the one that was due.</exception>
    public void Take(int subscriber, long sequence)
    {
        var due = _next[subscriber];
        if (sequence != due)
        {
            throw new RunFailedException(sequence < due
                ? $"Connection {subscriber} got message {sequence} twice or late: message {due} was due."
                : $"Connection {subscriber} got message {sequence} while message {due} was due: lost or overtaken.");
        }

        _next[subscriber]++;
    }
}
