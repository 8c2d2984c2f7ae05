using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Output into what the server handed over, where completing the pipe does not yet tell the peer that nothing more comes.</summary>
/// <remarks>RFC 6455 7.1.1: the server closes first, also while the request's handler still runs.</remarks>
internal sealed class ServerOutput(IOutput output, Func<Task> end) : IOutput
{
    private OneTimeEvent _released;

    /// <summary>Where the bytes go.</summary>
    public IOutput Output => output;

    /// <summary>Completes when no write of ours is pending, and none will follow.</summary>
    public Task Released => _released.Task;

    public void Append(ReadOnlySpan<byte> bytes) => output.Append(bytes);

    public ValueTask<bool> FlushAsync() => output.FlushAsync();

    public async ValueTask CompleteAsync()
    {
        try
        {
            await output.CompleteAsync();
        }
        finally
        {
            _released.TrySet();
        }

        await end();
    }
}
