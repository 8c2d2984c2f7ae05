using System.Security.Cryptography;
using System.Text;

namespace Waffle.WebSockets.Bench.Load.Generator.Handshake;

/// <summary>The request that opens a WebSocket connection.</summary>
internal static class UpgradeRequest
{
    private const int NonceLength = 16;

    public static string CreateKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceLength));

    /// <param name="port">The server's, at 127.0.0.1.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="key">Of <see cref="CreateKey"/>.</param>
    /// <param name="offersDeflate">Whether to offer permessage-deflate, without context takeover either way.</param>
    public static byte[] Create(int port, string path, string key, bool offersDeflate)
    {
        var extensions = offersDeflate
            ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
            : "";
        return Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{extensions}\r\n");
    }
}
