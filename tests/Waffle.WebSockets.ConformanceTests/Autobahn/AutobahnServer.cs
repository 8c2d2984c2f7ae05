using System.Diagnostics;
using System.Net.Sockets;
using Waffle.WebSockets.ConformanceTests.Autobahn;
using Waffle.WebSockets.TestKit;

[assembly: AssemblyFixture(typeof(AutobahnServer))]

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>The target server as a program of its own, started by the first case and shared by all.</summary>
public sealed class AutobahnServer : IAsyncDisposable
{
    public const string Echo = "/echo";
    public const string EchoDeflate = "/echo-deflate";
    public const string EchoDeflateFresh = "/echo-deflate-fresh";

    private readonly Lazy<Task<ServerProcess>> _program = new(StartAsync);

    /// <summary>Shakes hands on a TCP connection of its own.</summary>
    /// <param name="path">The endpoint.</param>
    /// <param name="extensions">What the client offers in <c>Sec-WebSocket-Extensions</c>.</param>
    public async Task<HandshakeAnswer> ConnectAsync(string path, string? extensions = null)
    {
        var address = (await _program.Value).Address;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var request = RawHandshake.Request(path, lines =>
        {
            if (extensions is not null)
            {
                lines.Add($"Sec-WebSocket-Extensions: {extensions}");
            }
        });
        var (head, transport) = await RawHandshake.SendAsync(new NetworkStream(socket, ownsSocket: true), request);
        var answer = new HandshakeAnswer(head, new RawPeer(transport));
        Assert.Equal(101, answer.Status);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_program.IsValueCreated)
        {
            await (await _program.Value).DisposeAsync();
        }
    }

    private static Task<ServerProcess> StartAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Waffle.WebSockets.TargetServer.dll");
        return ServerProcess.StartAsync(new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"]));
    }
}
