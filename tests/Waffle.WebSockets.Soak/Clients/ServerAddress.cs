using System.Net.Sockets;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>Where the server is, and the ways to it.</summary>
internal sealed class ServerAddress(Uri http, string name)
{
    /// <summary>The server's name.</summary>
    public string Name { get; } = name;

    public Uri Figures { get; } = new(http, "/figures");

    public Uri WebSocket(string path, string id) => new UriBuilder(new Uri(http, Target(path, id))) { Scheme = "ws" }.Uri;

    /// <summary>A TCP connection.</summary>
    public async Task<Socket> DialAsync(Action<Socket>? configure = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            configure?.Invoke(socket);
            await socket.ConnectAsync(http.Host, http.Port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Makes the opening handshake by hand.</summary>
    /// <param name="socket">A connection; the peer owns it.</param>
    /// <param name="path">The endpoint.</param>
    /// <param name="id">The client's id.</param>
    /// <param name="extensions">What to offer.</param>
    public static async Task<RawPeer> UpgradeAsync(Socket socket, string path, string id, string? extensions = null)
    {
        var request = RawHandshake.Request(Target(path, id), lines =>
        {
            if (extensions is not null)
            {
                lines.Add($"Sec-WebSocket-Extensions: {extensions}");
            }
        });
        var (head, transport) = await RawHandshake.SendAsync(new NetworkStream(socket, ownsSocket: true), request);
        return head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)
            ? new RawPeer(transport)
            : throw new InvalidDataException($"The handshake was refused: {head.ReplaceLineEndings(" ")}");
    }

    private static string Target(string path, string id) => $"{path}?id={Uri.EscapeDataString(id)}";
}
