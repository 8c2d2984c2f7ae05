using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Waffle.WebSockets.TestKit;

/// <summary>An HTTP/2 client of hand-made frames: as many streams as wanted on one connection, and every reset seen with its code.</summary>
public sealed class Http2Peer : IAsyncDisposable
{
    private const int InitialWindowSetting = 0x4;
    private const int DefaultWindow = 65_535;

    private readonly Stream _stream;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<int, Http2PeerStream> _streams = new();
    private readonly ConcurrentQueue<(int Id, int Value)> _settings = new();
    private Task _pump = Task.CompletedTask;
    private int _lastId = -1;

    private Http2Peer(Stream stream) => _stream = stream;

    /// <summary>Completes when the server has ended the connection.</summary>
    public Task Ended => _pump;

    /// <summary>All settings that the server has sent so far, in order (RFC 9113 6.5).</summary>
    public IReadOnlyCollection<(int Id, int Value)> Settings => _settings;

    /// <param name="host">A server that speaks HTTP/2 without TLS.</param>
    /// <param name="window">How many bytes the server may send on each stream, until it is told more; on the connection: without limit.</param>
    public static async Task<Http2Peer> ConnectAsync(KestrelHost host, int window = int.MaxValue)
    {
        var peer = new Http2Peer(await host.ConnectAsync());
        await peer._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await peer.SendAsync(new Http2Frame(Http2Frame.SettingsType, 0, 0, [0, InitialWindowSetting, .. Http2Frame.Encode(window)]));
        await peer.GiveWindowAsync(0, int.MaxValue - DefaultWindow);
        peer._pump = peer.PumpAsync();
        return peer;
    }

    /// <summary>Sends a request's head, and leaves the stream open.</summary>
    public async Task<Http2PeerStream> OpenAsync(params (string Name, string Value)[] fields)
    {
        var id = _lastId += 2;
        var stream = _streams[id] = new Http2PeerStream(this, id);
        await SendAsync(new Http2Frame(Http2Frame.HeadersType, Http2Frame.EndHeaders, id, Http2Fields.Encode(fields)));
        return stream;
    }

    /// <summary>Sends an extended CONNECT (RFC 8441 4).</summary>
    public Task<Http2PeerStream> ConnectStreamAsync(string path, string protocol = "websocket") => OpenAsync(
        (":method", "CONNECT"),
        (":protocol", protocol),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("sec-websocket-version", "13"));

    /// <summary>Lets the server send more on a stream; on all together if <paramref name="streamId"/> is 0.</summary>
    public Task GiveWindowAsync(int streamId, int bytes) =>
        SendAsync(new Http2Frame(Http2Frame.WindowUpdateType, 0, streamId, Http2Frame.Encode(bytes)));

    public async Task SendAsync(Http2Frame frame)
    {
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(frame.ToBytes());
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _pump;
        _writing.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await Http2Frame.ReadAsync(_stream) is { } frame)
            {
                await ReceiveAsync(frame);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Cut, by the server or by us.
        }

        foreach (var stream in _streams.Values)
        {
            await stream.CutAsync();
        }
    }

    private async Task ReceiveAsync(Http2Frame frame)
    {
        if (frame.Type is Http2Frame.SettingsType or Http2Frame.PingType)
        {
            if ((frame.Flags & Http2Frame.Acknowledge) == 0)
            {
                if (frame.Type == Http2Frame.SettingsType)
                {
                    Take(frame.Payload);
                }

                var payload = frame.Type == Http2Frame.PingType ? frame.Payload : [];
                await SendAsync(frame with { Flags = Http2Frame.Acknowledge, Payload = payload });
            }
        }
        else if (_streams.TryGetValue(frame.StreamId, out var stream))
        {
            await stream.ReceiveAsync(frame);
        }
    }

    // Each setting is an identifier of 16 bits and a value of 32.
    private void Take(byte[] settings)
    {
        foreach (var setting in settings.Chunk(6))
        {
            _settings.Enqueue((BinaryPrimitives.ReadUInt16BigEndian(setting), BinaryPrimitives.ReadInt32BigEndian(setting.AsSpan(2))));
        }
    }
}
