using Xunit;

namespace Waffle.WebSockets.TestKit.Interop;

/// <summary>A message, whole.</summary>
public sealed record PeerMessage(MessageKind Kind, byte[] Data);

/// <summary>A Close that the peer received; 1005 if it had no code.</summary>
public sealed record PeerClose(int Code, string Reason);

/// <summary>A connected client that others wrote. One may send and one receive at a time.</summary>
public abstract class InteropPeer : IAsyncDisposable
{
    /// <summary>The subprotocol as the client sees it, or the empty string.</summary>
    public abstract string Subprotocol { get; }

    /// <summary>The extensions as the client sees them, with their parameters, or the empty string.</summary>
    public abstract string Extensions { get; }

    /// <summary>Sends a message as so many frames, or as one if the client can't.</summary>
    public abstract Task SendAsync(MessageKind kind, IReadOnlyList<byte[]> fragments);

    /// <summary>Sends a ping and waits for its pong. A client that pings by itself only, or never, does nothing here.</summary>
    public abstract Task PingAsync();

    /// <summary>Receives the next message.</summary>
    public async Task<PeerMessage> ReceiveAsync() => Assert.IsType<PeerMessage>(await ReceiveNextAsync());

    /// <summary>Receives, as the next thing, a Close, and answers it.</summary>
    public async Task<PeerClose> ReceiveCloseAsync() => Assert.IsType<PeerClose>(await ReceiveNextAsync());

    /// <summary>Closes, by a Close without a code if there is none, and returns what the server answered.</summary>
    public abstract Task<PeerClose> CloseAsync(int? code, string reason);

    public abstract ValueTask DisposeAsync();

    /// <summary>Receives a <see cref="PeerMessage"/> or a <see cref="PeerClose"/>.</summary>
    protected abstract Task<object> ReceiveNextAsync();
}
