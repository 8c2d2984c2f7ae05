using System.IO.Compression;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Runs a case against an endpoint that compresses: each compressed message must come back before the next is sent.</summary>
internal sealed class CompressionRun(CompressionCase run, bool serverKeepsContext)
{
    // The plain reading of compressed data is slow; it looks at the first messages alone.
    private const int LengthToWalk = 8 * 1024;

    private readonly DeflatePeer _deflater = new(CompressionLevel.Fastest, keepsWindow: false);
    private readonly DeflatePeer _inflater = new(keepsWindow: serverKeepsContext);
    private readonly DeflateWalker _walker = new();
    private int _walked;

    private DeflateOffer Agreed => run.Offers[0];

    /// <summary>Runs it against both endpoints.</summary>
    public static async Task RunAsync(AutobahnServer server, CompressionCase run)
    {
        await RunAsync(server, run, AutobahnServer.EchoDeflate, endpointKeepsContext: true);
        await RunAsync(server, run, AutobahnServer.EchoDeflateFresh, endpointKeepsContext: false);
    }

    private static async Task RunAsync(AutobahnServer server, CompressionCase run, string path, bool endpointKeepsContext)
    {
        await using var answer = await server.ConnectAsync(path, string.Join(", ", run.Offers));
        Assert.Equal([run.Offers[0].Answer(endpointKeepsContext)], answer["Sec-WebSocket-Extensions"]);
        await new CompressionRun(run, run.Offers[0].ServerKeepsContext(endpointKeepsContext)).RunAsync(answer.Peer);
    }

    private async Task RunAsync(RawPeer peer)
    {
        var opcode = run.Source.IsBinary ? RawFrame.BinaryOpcode : RawFrame.TextOpcode;
        foreach (var message in run.Source.Cut(run.Length).Take(run.MessageCount))
        {
            var compressed = _deflater.Compress(message);
            await peer.SendBytesAsync(RawFrame.EncodeMessage(opcode, compressed, run.FragmentLength, RawFrame.Rsv1));
            AssertIsEcho(await peer.NextReplyAsync(), opcode, message, compressed.Length);
        }

        await peer.ExpectEndAsync(close: null);
    }

    private void AssertIsEcho(RawFrame frame, byte opcode, byte[] message, int compressedLength)
    {
        Assert.Equal((opcode, true, false), (frame.Opcode, frame.IsFinal, frame.IsMasked));
        var echo = frame.Payload;
        if (frame.ReservedBits == RawFrame.Rsv1)
        {
            echo = _inflater.Inflate(frame.Payload);
            AssertKeepsToWindow(frame.Payload, message);
        }
        else
        {
            // A message of more than eight small windows comes back as it is, and so does one that stands for itself and gains next to nothing by compressing.
            Assert.Equal(0, frame.ReservedBits);
            Assert.True(IsOfManyWindows(message) || (!serverKeepsContext && compressedLength >= message.Length * 15 / 16));
        }

        Assert.True(echo.AsSpan().SequenceEqual(message), $"{message.Length} bytes must come back; {echo.Length} others came.");
    }

    private bool IsOfManyWindows(byte[] message) =>
        Agreed.ServerMaxWindowBits is > 0 and < 12 && message.Length > 8 << Agreed.ServerMaxWindowBits;

    private void AssertKeepsToWindow(byte[] compressed, byte[] message)
    {
        if (Agreed.ServerMaxWindowBits is 0 or 15 || _walked + message.Length > LengthToWalk)
        {
            return;
        }

        _walked += message.Length;
        Assert.Equal(message, _walker.Read(compressed));
        Assert.InRange(_walker.FurthestBack, 0, 1 << Agreed.ServerMaxWindowBits);
    }
}
