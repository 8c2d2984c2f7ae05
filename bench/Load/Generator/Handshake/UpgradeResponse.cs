using System.Security.Cryptography;
using System.Text;

namespace Waffle.WebSockets.Bench.Load.Generator.Handshake;

/// <summary>Takes the server's answer to an upgrade request.</summary>
internal static class UpgradeResponse
{
    private const int LongestHead = 16 * 1024;

    // RFC 6455, section 1.3.
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Returns the length of the answer at the start of what came, or 0 if it is not complete yet.</summary>
    /// <param name="received">What came.</param>
    /// <param name="key">The request's.</param>
    /// <param name="offeredDeflate">Whether the request offered permessage-deflate.</param>
    /// <exception cref="RunFailedException">The server refused, or did not keep to the protocol.</exception>
    public static int Take(ReadOnlySpan<byte> received, string key, bool offeredDeflate)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return received.Length < LongestHead ? 0 : throw new RunFailedException("The server's answer to the handshake has no end.");
        }

        var lines = Encoding.ASCII.GetString(received[..end]).Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            throw new RunFailedException($"The server refused the handshake: {lines[0]}");
        }

        if (Find(lines, "Sec-WebSocket-Accept") != AcceptFor(key))
        {
            throw new RunFailedException("The server's answer to the handshake does not fit the key.");
        }

        CheckExtensions(Find(lines, "Sec-WebSocket-Extensions"), offeredDeflate);
        return end + 4;
    }

    public static string AcceptFor(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The protocol asks for SHA-1, and nothing secret hangs on it.
        SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix), hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static void CheckExtensions(string? agreed, bool offeredDeflate)
    {
        var fits = offeredDeflate
            ? agreed is not null
                && agreed.StartsWith("permessage-deflate", StringComparison.Ordinal)
                && agreed.Contains("server_no_context_takeover", StringComparison.Ordinal)
            : agreed is null;
        if (!fits)
        {
            var offered = offeredDeflate ? "permessage-deflate without context takeover was" : "none were";
            throw new RunFailedException($"The server agreed to the extensions \"{agreed}\" where {offered} offered.");
        }
    }

    private static string? Find(string[] lines, string name)
    {
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }
}
