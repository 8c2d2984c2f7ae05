using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>
/// The proof that a server has read the handshake: <c>Sec-WebSocket-Accept</c> from <c>Sec-WebSocket-Key</c> (RFC 6455 4.2.2).
/// </summary>
internal static class AcceptKey
{
    private const int RequestKeyLength = 24;

    private static readonly SearchValues<char> _base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    // 16 bytes leave two bits for the 22nd character; the other four must be zero in canonical base64 (RFC 4648 3.5).
    private static readonly SearchValues<char> _lastCharacters = SearchValues.Create("AQgw");

    private static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    /// <summary>Reads <c>Sec-WebSocket-Key</c>: exactly one line that is the canonical base64 of 16 bytes.</summary>
    public static bool TryReadRequestKey(StringValues lines, out ReadOnlySpan<char> key)
    {
        key = lines.Count == 1 ? HeaderList.TrimBlanks(lines[0]) : default;
        return key.Length == RequestKeyLength
            && !key[..21].ContainsAnyExcept(_base64Characters)
            && _lastCharacters.Contains(key[21])
            && key[22..].SequenceEqual("==");
    }

    /// <summary>Computes the answer to a key.</summary>
    /// <param name="key">A key of 24 ASCII characters, taken as text and not decoded.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 10.8: the answer rests on no property of SHA-1 that has been broken.")]
    public static string Compute(ReadOnlySpan<char> key)
    {
        if (key.Length != RequestKeyLength)
        {
            throw new ArgumentException("A Sec-WebSocket-Key has 24 characters.", nameof(key));
        }

        Span<byte> input = stackalloc byte[RequestKeyLength + Guid.Length];
        Encoding.ASCII.GetBytes(key, input);
        Guid.CopyTo(input[RequestKeyLength..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        return Convert.ToBase64String(hash);
    }
}
