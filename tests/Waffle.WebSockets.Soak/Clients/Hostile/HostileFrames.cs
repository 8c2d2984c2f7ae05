using System.IO.Compression;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>Peers that break the protocol's rules or its limits.</summary>
internal static class HostileFrames
{
    private const string Deflate = "permessage-deflate";

    private static readonly byte[] _mask = [1, 2, 3, 4];
    private static readonly Lazy<byte[]> _bomb = new(() => CreateBomb(16 * 1024 * 1024));

    public static Task<string> SendUnmaskedAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendFrameAsync(RawFrame.TextOpcode, "{}"u8.ToArray(), isMasked: false));

    public static Task<string> SendReservedBitsAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendFrameAsync(RawFrame.TextOpcode, "{}"u8.ToArray(), reservedBits: 3));

    public static Task<string> SendLongPingAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendFrameAsync(RawFrame.PingOpcode, new byte[126]));

    public static Task<string> AnnounceTooMuchAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendBytesAsync(new byte[] { 0x82, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4 }));

    public static Task<string> SendInvalidTextAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendFrameAsync(RawFrame.TextOpcode, new byte[] { (byte)'"', 0xC3, 0x28 }));

    public static Task<string> SendBadCodeAsync(HostileScene scene) => SendAsync(scene, peer => peer.SendCloseAsync(1005));

    public static Task<string> FloodWithPingsAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendBytesAsync(Repeat(RawFrame.Encode(RawFrame.PingOpcode, "x"u8, mask: _mask), 5_000)));

    public static Task<string> FragmentForEverAsync(HostileScene scene) => SendAsync(scene, async peer =>
    {
        await peer.SendFrameAsync(RawFrame.TextOpcode, "x"u8.ToArray(), isFinal: false);
        await peer.SendBytesAsync(Repeat(RawFrame.Encode(RawFrame.Continuation, [], isFinal: false, mask: _mask), 20_000));
    });

    public static Task<string> SendBombAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendFrameAsync(RawFrame.BinaryOpcode, _bomb.Value, reservedBits: 4), Deflate);

    public static Task<string> SendBadDeflateAsync(HostileScene scene) =>
        SendAsync(scene, peer => peer.SendFrameAsync(RawFrame.BinaryOpcode, new byte[] { 0xFF, 0xFF, 0xFF }, reservedBits: 4), Deflate);

    public static Task<string> TalkBehindCloseAsync(HostileScene scene) => SendAsync(scene, async peer =>
    {
        await peer.SendCloseAsync();
        await peer.SendBytesAsync(Repeat(RawFrame.Encode(RawFrame.TextOpcode, "{}"u8, mask: _mask), 20_000));
    });

    public static async Task<string> ResetAsync(HostileScene scene)
    {
        var peer = await scene.UpgradeAsync(SoakPaths.Takeover, Deflate);
        await peer.SendBytesAsync(RawFrame.Encode(RawFrame.TextOpcode, new byte[2_000], mask: _mask).AsMemory(0, 1_000));
        return scene.Reset();
    }

    private static async Task<string> SendAsync(HostileScene scene, Func<RawPeer, Task> send, string? extensions = null)
    {
        var peer = await scene.UpgradeAsync(extensions: extensions);
        try
        {
            await send(peer);
        }
        catch (IOException)
        {
            // The server was faster.
        }

        return await HostileScene.ReadToEndAsync(peer);
    }

    private static byte[] Repeat(byte[] frame, int count) => [.. Enumerable.Repeat(frame, count).SelectMany(static bytes => bytes)];

    private static byte[] CreateBomb(int size)
    {
        using var compressed = new MemoryStream();
        using var deflate = new DeflateStream(compressed, CompressionLevel.Optimal);
        deflate.Write(new byte[size]);
        deflate.Flush();

        // RFC 7692 7.2.1: without the four bytes that a flush ends with.
        return compressed.ToArray()[..^4];
    }
}
