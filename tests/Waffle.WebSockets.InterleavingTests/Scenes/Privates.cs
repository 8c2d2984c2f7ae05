using System.Runtime.CompilerServices;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>What no other test needs to see.</summary>
internal static class Privates
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_references")]
    public static extern ref int References(OutboundFrame frame);
}
