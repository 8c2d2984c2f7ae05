using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>Somebody who speaks a sample's protocol without a page. It reads at all times; what came waits to be looked at.</summary>
internal class SampleClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly Task _reading;

    public SampleClient(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>The code of the server's goodbye.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Connects.</summary>
    public static async Task<SampleClient> ConnectAsync(Uri address) => new(await OpenAsync(address));

    public Task SendAsync(string json) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, CancellationToken.None).Soon();

    public Task SendAsync(string type, object? payload, string? id = null) =>
        SendAsync(JsonSerializer.Serialize(new { type, payload, id }));

    /// <summary>The next message.</summary>
    public async Task<Received> ReceiveAsync() => await _received.Reader.ReadAsync().Soon();

    /// <summary>The next message of this type or event of this name; those before it are passed over.</summary>
    public async Task<Received> ReceiveAsync(string kind)
    {
        while (true)
        {
            var message = await ReceiveAsync();
            if (message.Kind == kind)
            {
                return message;
            }
        }
    }

    /// <summary>Sends a request that is refused; returns the refusal.</summary>
    public async Task<Received> RefusedAsync(string type, object? payload)
    {
        var id = Guid.NewGuid().ToString();
        await SendAsync(type, payload, id);
        var error = await ReceiveAsync("error");
        Assert.Equal(id, error.Id);
        return error;
    }

    /// <summary>Waits for the end of the connection.</summary>
    public Task EndAsync() => _reading.Soon();

    /// <summary>Is gone without a word.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Abort();
        await _reading;
        _socket.Dispose();
    }

    protected static async Task<ClientWebSocket> OpenAsync(Uri address)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, CancellationToken.None).Soon();
        return socket;
    }

    private async Task ReadAsync()
    {
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    _received.Writer.TryWrite(Received.Parse(message.ToArray()));
                    message.SetLength(0);
                }
            }

            _received.Writer.TryComplete();
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            _received.Writer.TryComplete(error);
        }
    }
}
