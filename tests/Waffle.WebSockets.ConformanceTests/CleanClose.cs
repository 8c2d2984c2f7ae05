using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 7.1.1: the TCP connection and the TLS session end in good order, as bytes on a real connection show.</summary>
public sealed class CleanClose(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private const byte Alert = 21;

    // A reset would be an IOException, and could take the Close away from a client that has not read it yet.
    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    [InlineData(60_000)]
    public async Task Bytes_behind_a_close_frame_are_thrown_away_and_the_end_is_no_reset(int trailing)
    {
        await using var peer = await server.Host.ConnectPeerAsync(HandshakeServer.Echo);
        var close = Expectations.Frame(RawFrame.CloseOpcode, RawFrame.ClosePayload(4000));
        await peer.SendBytesAsync((byte[])[.. close, .. new byte[trailing]]);

        await peer.ExpectCloseAsync((CloseCode)4000);
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Fact]
    public async Task A_TLS_session_ends_with_an_alert_and_then_the_connection()
    {
        await using var tls = await HandshakeServer.StartWithTlsAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, tls.Address.Port);
        await using var wire = new RecordingStream(client.GetStream());

        // In the version before 1.3 a record's type can be seen from outside.
#pragma warning disable CA5398
        await using var secured = new SslStream(wire, leaveInnerStreamOpen: true, static (_, shown, _, _) =>
            shown?.GetCertHashString() == KestrelHost.Certificate.GetCertHashString());
        await secured.AuthenticateAsClientAsync("localhost", clientCertificates: null, SslProtocols.Tls12, checkCertificateRevocation: false);
#pragma warning restore CA5398
        var (head, transport) = await RawHandshake.SendAsync(secured, RawHandshake.Request(HandshakeServer.Echo));
        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        await using var peer = new RawPeer(transport);
        await peer.SendCloseAsync();

        await peer.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Null(await peer.ReadFrameAsync());
        Assert.Equal(0, await wire.ReadAsync(new byte[1]));
        Assert.Equal(Alert, RecordTypes(wire.Received.ToArray())[^1]);
    }

    // A record: type, version of two bytes, length of two bytes, and so many bytes (RFC 5246 6.2.1).
    private static List<byte> RecordTypes(ReadOnlySpan<byte> bytes)
    {
        var types = new List<byte>();
        while (!bytes.IsEmpty)
        {
            types.Add(bytes[0]);
            bytes = bytes[(5 + (bytes[3] << 8) + bytes[4])..];
        }

        return types;
    }

    /// <summary>Keeps what came in.</summary>
    private sealed class RecordingStream(Stream inner) : Stream
    {
        public MemoryStream Received { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            Received.Write(buffer.Span[..count]);
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
