using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>What was sent, as whole frames.</summary>
internal static class SentFrames
{
    /// <summary>Reads frames up to the end of what was sent, or to the frame of which only a part was.</summary>
    public static List<(Opcode Opcode, byte[] Payload)> Read(List<byte> sent)
    {
        var frames = new List<(Opcode, byte[])>();
        var rest = sent.ToArray().AsSpan();
        while (FrameHeaderReader.Read(rest, EndpointRole.Client, allowRsv1: false, out var header, out var length, out var violation)
            == FrameHeaderStatus.Done && rest.Length >= length + header.PayloadLength)
        {
            frames.Add((header.Opcode, rest.Slice(length, (int)header.PayloadLength).ToArray()));
            rest = rest[(length + (int)header.PayloadLength)..];
            Assert.Null(violation);
        }

        return frames;
    }
}
