using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>.NET's client fails to connect unless it is told the window that it has offered.</summary>
public class WindowBitsTests
{
    public static TheoryData<int> AllBits => [.. Enumerable.Range(9, 7)];

    [Theory]
    [MemberData(nameof(AllBits))]
    public async Task A_client_may_offer_any_window_and_both_sides_keep_to_it(int bits)
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/echo", EchoAsync, options =>
        {
            options.Compression = MessageCompression.ContextTakeover;
            options.CompressionThreshold = 0;
        }));
        using var socket = new ClientWebSocket();
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions { ClientMaxWindowBits = bits, ServerMaxWindowBits = bits };
        await socket.ConnectAsync(host.WebSocketAddress("/echo"), CancellationToken.None).Soon();

        // The second refers to the first, 3,000 bytes before it, as far as the window lets it.
        foreach (var text in new[] { "a", "b" }.Select(end => string.Join(' ', Enumerable.Range(0, 700)) + end))
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Soon();
            Assert.Equal(text, await ReceiveTextAsync(socket));
        }
    }

    private static async Task EchoAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }
    }

    private static async Task<string> ReceiveTextAsync(ClientWebSocket socket)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        ValueWebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).Soon();
            text.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
