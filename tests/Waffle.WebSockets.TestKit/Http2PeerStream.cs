using System.IO.Pipelines;

namespace Waffle.WebSockets.TestKit;

/// <summary>One stream of an <see cref="Http2Peer"/>.</summary>
public sealed class Http2PeerStream
{
    private readonly Http2Peer _peer;
    private readonly Pipe _received = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _sent = new(new PipeOptions(useSynchronizationContext: false));
    private readonly TaskCompletionSource<int> _status = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Http2PeerStream(Http2Peer peer, int id)
    {
        _peer = peer;
        Id = id;
    }

    public int Id { get; }

    /// <summary>The answer's status.</summary>
    public Task<int> Status => _status.Task;

    /// <summary>How the server ended the stream: RST_STREAM's error code, or <see langword="null"/> for END_STREAM.</summary>
    public Task<int?> End => _end.Task;

    /// <summary>What the server sends from now on, and what it is sent, as WebSocket frames.</summary>
    public RawPeer ToRawPeer()
    {
        _ = SendAllAsync();
        return new RawPeer(new DuplexPipe(_received.Reader, _sent.Writer));
    }

    /// <summary>Lets the server send more.</summary>
    public Task GiveWindowAsync(int bytes) => _peer.GiveWindowAsync(Id, bytes);

    /// <summary>Resets the stream (RFC 9113 5.4.2).</summary>
    public Task ResetAsync(int code) => _peer.SendAsync(new Http2Frame(Http2Frame.ResetType, 0, Id, Http2Frame.Encode(code)));

    public Task SendDataAsync(byte[] data, bool isLast = false) =>
        _peer.SendAsync(new Http2Frame(Http2Frame.DataType, isLast ? Http2Frame.EndStream : (byte)0, Id, data));

    internal async Task ReceiveAsync(Http2Frame frame)
    {
        switch (frame.Type)
        {
            case Http2Frame.HeadersType when !_status.Task.IsCompleted:
                _status.SetResult(Http2Fields.DecodeStatus(frame.Payload));
                break;
            case Http2Frame.DataType:
                await _received.Writer.WriteAsync(frame.Payload);
                break;
            case Http2Frame.ResetType:
                _end.TrySetResult(frame.Number);
                await _received.Writer.CompleteAsync(new IOException($"The stream was reset with {frame.Number}."));
                break;
            default:
                break;
        }

        if (frame.Type is Http2Frame.DataType or Http2Frame.HeadersType && (frame.Flags & Http2Frame.EndStream) != 0)
        {
            _end.TrySetResult(null);
            await _received.Writer.CompleteAsync();
        }
    }

    /// <summary>The connection has ended.</summary>
    internal async Task CutAsync()
    {
        var error = new IOException("The connection has ended.");
        _status.TrySetException(error);
        _end.TrySetException(error);
        _ = (_status.Task.Exception, _end.Task.Exception);
        await _received.Writer.CompleteAsync(error);
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                var result = await _sent.Reader.ReadAsync();
                foreach (var segment in result.Buffer)
                {
                    await SendDataAsync(segment.ToArray());
                }

                _sent.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    await SendDataAsync([], isLast: true);
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            await _sent.Reader.CompleteAsync(error);
        }
    }
}
