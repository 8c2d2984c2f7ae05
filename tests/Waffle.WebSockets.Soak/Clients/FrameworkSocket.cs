using System.Net.WebSockets;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>.NET's own client, which can compress.</summary>
internal sealed class FrameworkSocket : ClientSocket
{
    private static readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { UseProxy = false });

    private readonly ClientWebSocket _socket = new();
    private readonly string _path;
    private byte[] _buffer = new byte[2048];

    private FrameworkSocket(string path) => _path = path;

    public override string Description => $"ClientWebSocket at {_path}";

    public static async Task<FrameworkSocket> ConnectAsync(ServerAddress server, string path, string id, Random random)
    {
        var socket = new FrameworkSocket(path);
        try
        {
            if (random.Next(4) > 0)
            {
                socket._socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions
                {
                    ClientContextTakeover = random.Next(2) == 0,
                    ServerContextTakeover = random.Next(2) == 0,
                    ClientMaxWindowBits = random.Next(9, 16),
                    ServerMaxWindowBits = random.Next(9, 16),
                };
            }

            socket._socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(random.Next(1, 20));
            await socket._socket.ConnectAsync(server.WebSocket(path, id), _invoker, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async Task SendTextAsync(byte[] utf8) =>
        await TellAsync(() => _socket.SendAsync(utf8, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None));

    public override async Task<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        for (var length = 0; ;)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * length);
            }

            var result = default(ValueWebSocketReceiveResult);
            await TellAsync(async () => result = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None));
            if (result.MessageType == WebSocketMessageType.Close)
            {
                CloseCode = (int)_socket.CloseStatus!.Value;
                await TellAsync(() => _socket.State == WebSocketState.CloseReceived
                    ? _socket.CloseOutputAsync(_socket.CloseStatus!.Value, null, CancellationToken.None)
                    : Task.CompletedTask);
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return _buffer.AsMemory(0, length);
            }
        }
    }

    public override Task SendCloseAsync(int code) =>
        TellAsync(() => _socket.CloseOutputAsync((WebSocketCloseStatus)code, "done", CancellationToken.None));

    public override void Cut(Random random) => _socket.Abort();

    public override void Dispose() => _socket.Dispose();

    // It has several exceptions for the end of a connection; our callers know one.
    private static async Task TellAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            throw new IOException(error.Message, error);
        }
    }
}
