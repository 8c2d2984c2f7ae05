using System.IO.Pipelines;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>Output through the server's pipe until the kernel has all that went that way, and from then on straight into the socket.</summary>
/// <param name="pipe">The server's pipe.</param>
/// <param name="socket">The connection's socket.</param>
/// <param name="expected">How many bytes the kernel will have been given of this connection once the server has sent its response.</param>
/// <param name="received">How many bytes had come, where an answer to an earlier request may lie in the pipe, uncounted: only when the peer says more has it been sent. Otherwise <see langword="null"/>.</param>
/// <remarks>
/// The server sends what is in its pipe on another thread and tells nobody when. So before each batch the kernel's own count of bytes is compared with
/// what must have come; the way changes once, for good, and never while a byte may still be on the old one.
/// </remarks>
internal sealed class SocketAfterPipeOutput(PipeWriter pipe, IConnectionSocket socket, long expected, long? received = null) : IOutput
{
    private readonly PipeOutput _pipe = new(pipe);
    private SocketOutput? _direct;
    private long _expected = expected;
    private bool _isBatchBegun;
    private bool _isPipeForGood;

    /// <summary>Whether the pipe is not used any more.</summary>
    public bool IsDirect => _direct is not null;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_direct is null && !_isBatchBegun && !_isPipeForGood)
        {
            Decide();
        }

        if (_direct is not null)
        {
            _direct.Append(bytes);
            return;
        }

        // Where the server may have sent more than is expected, the count says when all is sent only as long as nothing of ours is on its way: it could not
        // tell a byte of ours from one of those.
        _isPipeForGood |= received is not null;
        _isBatchBegun = true;
        _expected += bytes.Length;
        _pipe.Append(bytes);
    }

    public ValueTask<bool> FlushAsync()
    {
        _isBatchBegun = false;
        return _direct?.FlushAsync() ?? _pipe.FlushAsync();
    }

    public ValueTask CompleteAsync() => _pipe.CompleteAsync();

    private void Decide()
    {
        if (socket.Progress is not { } progress || progress.Given > _expected)
        {
            // The server has sent something that we do not know of, so there is nothing to compare with.
            _isPipeForGood = true;
        }
        else if (progress.Given == _expected && (received is null || progress.Received > received))
        {
            _direct = new SocketOutput(socket);
        }
    }
}
