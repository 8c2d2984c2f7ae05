using System.Collections.Concurrent;
using System.Text;

namespace Waffle.WebSockets.BenchTests.EndToEnd;

/// <summary>A room in which one delivery goes wrong.</summary>
internal sealed class LyingRoom(Lie lie)
{
    private const int DeliveryThatGoesWrong = 100;

    private readonly ConcurrentQueue<WebSocketConnection> _members = [];
    private int _deliveries;

    public async Task ServeAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        _members.Enqueue(connection);
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            foreach (var member in _members)
            {
                foreach (var text in Deliver(message.GetText()))
                {
                    await member.WriteTextAsync(text, cancellationToken);
                }
            }
        }
    }

    private string[] Deliver(string text) => (Interlocked.Increment(ref _deliveries), lie) switch
    {
        (not DeliveryThatGoesWrong, _) => [text],
        (_, Lie.Lose) => [],
        (_, Lie.Repeat) => [text, text],
        (_, Lie.Change) => [new StringBuilder(text) { [^1] = '!' }.ToString()],
        (_, Lie.Chatter) => [text, "hello"],
        _ => throw new InvalidOperationException("There is no such lie."),
    };
}
