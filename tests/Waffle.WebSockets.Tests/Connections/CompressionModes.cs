using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Protocol.PermessageDeflate;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Connections in memory for each way to compress, and none.</summary>
internal static class CompressionModes
{
    public const int Rsv1 = RawFrame.Rsv1;

    public static ConnectionPair CreatePair(
        this MessageCompression compression,
        Action<WebSocketConnectionOptions>? configure = null,
        int capacity = 64 * 1024,
        FakeTimeProvider? time = null,
        int threshold = 0)
    {
        var isAlone = compression == MessageCompression.NoContextTakeover;
        return compression == MessageCompression.Disabled
            ? ConnectionPair.Create(configure, capacity, time)
            : ConnectionPair.CreateCompressed(new DeflateAgreement(isAlone, isAlone), threshold, configure, time, capacity);
    }

    /// <summary>The reserved bits of a message's first frame.</summary>
    public static int ReservedBits(this MessageCompression compression) => compression == MessageCompression.Disabled ? 0 : Rsv1;
}
