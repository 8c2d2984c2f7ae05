namespace Waffle.WebSockets;

/// <summary>How the messages of one type are handled. Read when the route is added.</summary>
/// <example>
/// <code>
/// router.OnRequest&lt;string, int&gt;(
///     "word_count",
///     (client, text, ct) => Task.FromResult(text.Split(' ').Length),
///     new MessageRouteOptions { MaxConcurrency = 4 });
/// </code>
/// </example>
public sealed class MessageRouteOptions
{
    /// <summary>
    /// How many messages of the type <see cref="MessageRouter.RunAsync"/> handles at once for one client. Default 1: in the order of arrival, each after
    /// all messages before it. With more, their handlers run on the thread pool beside each other and beside the messages that follow; when as many run,
    /// the client's next message of the type waits, and with it all behind it. Filters are a part of that: they, too, run for several messages at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;
}
