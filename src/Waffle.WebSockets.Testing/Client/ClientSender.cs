using System.Buffers;
using System.IO.Pipelines;
using Waffle.WebSockets.Testing.Frames;

namespace Waffle.WebSockets.Testing.Client;

/// <summary>Sends a client's frames, one after another; waits for room in the network as a socket does.</summary>
internal sealed class ClientSender(PipeWriter output)
{
    private readonly Lock _turnLock = new();
    private Task _last = Task.CompletedTask;
    private volatile bool _hasClosed;
    private volatile bool _hasEnded;

    /// <summary>Whether a Close was sent.</summary>
    public bool HasClosed => _hasClosed;

    /// <summary>Whether the sending side has ended.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Sends a frame; <see langword="false"/>: too late.</summary>
    public Task<bool> SendFrameAsync(int opcode, bool isFinal, ReadOnlyMemory<byte> payload) =>
        TakeTurn(() => SendAsync(() => ClientFrame.Write(output, opcode, isFinal, payload.Span)));

    /// <summary>Sends bytes as they are; <see langword="false"/>: too late.</summary>
    public Task<bool> SendBytesAsync(ReadOnlyMemory<byte> bytes) => TakeTurn(() => SendAsync(() => output.Write(bytes.Span)));

    /// <summary>Sends the one Close there is; <see langword="false"/>: too late.</summary>
    public Task<bool> SendCloseAsync(byte[] payload) => TakeTurn(() => SendAsync(() =>
    {
        if (!_hasClosed)
        {
            _hasClosed = true;
            ClientFrame.Write(output, Opcodes.Close, isFinal: true, payload);
        }
    }));

    /// <summary>Ends the sending side behind what was sent.</summary>
    public Task EndAsync() => TakeTurn(async () =>
    {
        _hasEnded = true;
        await output.CompleteAsync();
        return true;
    });

    private async Task<bool> SendAsync(Action write)
    {
        if (_hasEnded)
        {
            return false;
        }

        write();
        var flushed = await output.FlushAsync();
        return !flushed.IsCompleted;
    }

    // What finds nobody before it is on its way when the call returns: a test may move the clock then.
    private Task<bool> TakeTurn(Func<Task<bool>> step)
    {
        lock (_turnLock)
        {
            var turn = RunAfterAsync(_last, step);
            _last = turn;
            return turn;
        }
    }

    private static async Task<bool> RunAfterAsync(Task last, Func<Task<bool>> step)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return await step();
    }
}
