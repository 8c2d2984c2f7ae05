using System.Text;

namespace Waffle.WebSockets.Bench.Load.Dialects;

/// <summary>How a connection of either SignalR protocol begins: in JSON, whichever is asked for.</summary>
internal static class SignalRHandshake
{
    public static byte[] Request(string protocol) =>
        Encoding.UTF8.GetBytes($$"""{"protocol":"{{protocol}}","version":1}{{'\u001e'}}""");

    /// <summary>Whether the server accepts the protocol. It says so before the connection is in its group.</summary>
    public static bool IsAccepted(ReadOnlySpan<byte> message) => message.SequenceEqual("{}\u001e"u8);

    /// <summary>Whether a hub calls the client's method of this name, as ours do once a connection is in its group.</summary>
    public static bool IsReady(ReadOnlySpan<byte> message) => message.IndexOf("Ready"u8) >= 0;
}
