using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Backplane;

/// <summary>Whom a channel is for.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">The room's name, the user's id or the server's; otherwise empty.</param>
internal readonly record struct ChannelScope(ScopeKind Kind, string Name = "")
{
    // In bytes; of a longer one its hash stands in the channel's name, so that this has an end.
    private const int MaxNameLength = 256;

    public static ChannelScope Hub { get; } = new(ScopeKind.Hub);

    public static ChannelScope Servers { get; } = new(ScopeKind.Servers);

    /// <summary>One server's own.</summary>
    public static ChannelScope OfServer(Guid server) => new(ScopeKind.Server, server.ToString("N"));

    /// <summary>The channel's name. Names that differ at all make channels that differ, whatever an engine does with case or dots.</summary>
    /// <param name="prefix">What all channels of a hub begin with.</param>
    public string ToChannel(string prefix)
    {
        if (Name.Length == 0)
        {
            return $"{prefix}.{(char)Kind}";
        }

        if (!StrictUtf8.IsValid(Name))
        {
            // Nobody is ever in a room of that name; it must not be taken for another.
            return $"{prefix}.{(char)Kind}.x.{Base64Url.EncodeToString(SHA256.HashData(MemoryMarshal.AsBytes(Name.AsSpan())))}";
        }

        var name = Encoding.UTF8.GetBytes(Name);
        return name.Length <= MaxNameLength
            ? $"{prefix}.{(char)Kind}.{Base64Url.EncodeToString(name)}"
            : $"{prefix}.{(char)Kind}.h.{Base64Url.EncodeToString(SHA256.HashData(name))}";
    }
}
