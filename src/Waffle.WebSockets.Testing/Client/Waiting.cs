using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.Testing.Client;

/// <summary>Waits for the server, and tells in a failed test what was seen meanwhile.</summary>
/// <param name="patience">How long, in real time.</param>
/// <param name="describe">What is known of the connection now.</param>
internal sealed class Waiting(TimeSpan patience, Func<string> describe)
{
    private TimeSpan Patience => Debugger.IsAttached ? Timeout.InfiniteTimeSpan : patience;

    /// <exception cref="WebSocketTestException">It took too long.</exception>
    public async Task<T> ForAsync<T>(Task<T> task, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Fail($"{what} within {patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        }
    }

    /// <inheritdoc cref="ForAsync{T}(Task{T}, string, CancellationToken)"/>
    public Task ForAsync(Task task, string what, CancellationToken cancellationToken)
    {
        return ForAsync(AwaitAsync(), what, cancellationToken);

        async Task<bool> AwaitAsync()
        {
            await task;
            return true;
        }
    }

    /// <summary>A failure with all that is known.</summary>
    public WebSocketTestException Fail(string what) => new(new StringBuilder(what).Append('\n').Append(describe()).ToString());
}
