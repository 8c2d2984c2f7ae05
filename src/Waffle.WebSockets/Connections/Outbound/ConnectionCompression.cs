using System.IO.Compression;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>How one connection's messages are compressed, where that was agreed.</summary>
/// <param name="agreement">What was agreed.</param>
/// <param name="threshold">From how many bytes on a message is compressed, unless its sender says.</param>
internal sealed class ConnectionCompression(DeflateAgreement agreement, int threshold) : IDisposable
{
    private const CompressionLevel Level = CompressionLevel.Fastest;

    private MessageDeflater? _context;

    public DeflateAgreement Agreement => agreement;

    public int Threshold => threshold;

    /// <summary>Whether a message's compressed form is the same for all with this window, and can be made once for all of them.</summary>
    public bool IsShared => Agreement.ServerNoContextTakeover;

    /// <summary>Whether to compress a message.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="isWanted">What its sender says.</param>
    public bool Wants(OutboundFrame frame, bool? isWanted) =>
        (isWanted ?? frame.PayloadLength >= Threshold) && MessageDeflater.Pays(frame.PayloadLength, Agreement.DeflateWindowBits);

    /// <summary>Whether a frame goes out as it is, so that the writer need not look at it.</summary>
    public bool IsFinished(OutboundFrame frame, bool? isWanted) => IsShared || !Wants(frame, isWanted);

    /// <summary>The form for all with this window; <see langword="null"/> if it would be no shorter. The caller holds its reference.</summary>
    public static OutboundFrame? CompressShared(OutboundFrame frame, int windowBits) =>
        FrameCompression.CompressAlone(frame, windowBits, Level);

    /// <summary>Compresses the message that is written next, in the context that is kept. Only for the writer.</summary>
    public OutboundFrame CompressNext(OutboundFrame frame)
    {
        _context ??= new MessageDeflater(Agreement.DeflateWindowBits, keepsContext: true, Level);
        return FrameCompression.Compress(frame, _context);
    }

    /// <summary>Gives back what is native. Only when nobody writes any more.</summary>
    public void Dispose() => _context?.Dispose();
}
