using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>A client that can end a connection without a Close.</summary>
internal abstract class CuttingPeer : InteropPeer
{
    /// <summary>Cuts the connection.</summary>
    public abstract void Abort();

    /// <summary>Receives, as the next thing, the end of the connection without a Close.</summary>
    public abstract Task ReceiveCutAsync();
}
