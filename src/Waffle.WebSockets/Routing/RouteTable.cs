using System.Collections.Frozen;
using System.Text;

namespace Waffle.WebSockets.Routing;

/// <summary>Message type → route. Looked up by the type's UTF-8 as it was received, without a string of its own.</summary>
internal sealed class RouteTable(IReadOnlyDictionary<string, Route> routes)
{
    private const int MaxTypeLength = 128;

    private readonly FrozenDictionary<string, Route> _routes = routes.ToFrozenDictionary(StringComparer.Ordinal);

    public Route? Find(ReadOnlySpan<byte> utf8Type)
    {
        if (utf8Type.Length > MaxTypeLength)
        {
            return null;
        }

        Span<char> type = stackalloc char[MaxTypeLength];
        var length = Encoding.UTF8.GetChars(utf8Type, type);
        return _routes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(type[..length], out var route) ? route : null;
    }
}
