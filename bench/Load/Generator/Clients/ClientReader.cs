using Waffle.WebSockets.Bench.Load.Generator.Frames;
using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>Takes the frames out of what clients receive, and puts fragments together. One buffer serves all clients.</summary>
internal sealed class ClientReader(ClientProtocol protocol)
{
    private const int BufferLength = 256 * 1024;

    private byte[] _buffer = new byte[BufferLength];

    /// <summary>Receives once; returns why the connection is over, or null. Empty: as was asked for.</summary>
    public string? Receive(Client client)
    {
        var kept = TakeUnparsed(client);
        var received = ClientSocket.Receive(client.Descriptor, _buffer.AsSpan(kept));
        if (received < 0 && LinuxError.Last is LinuxError.TryAgain or LinuxError.Interrupted)
        {
            received = 0;
        }
        else if (received <= 0)
        {
            return received < 0 ? LinuxError.Describe(LinuxError.Last) : "the server ended the stream";
        }

        var bytes = _buffer.AsSpan(0, kept + received);
        var end = Parse(client, ref bytes);
        if (end is null)
        {
            bytes.CopyTo(client.Unparsed.Append(bytes.Length));
        }

        return end;
    }

    private int TakeUnparsed(Client client)
    {
        var kept = client.Unparsed.Length;
        if (kept > _buffer.Length / 2)
        {
            _buffer = new byte[_buffer.Length * 2];
        }

        client.Unparsed.Bytes.CopyTo(_buffer);
        client.Unparsed.Clear();
        return kept;
    }

    // Takes away from the bytes what is parsed.
    private string? Parse(Client client, ref Span<byte> bytes)
    {
        var now = Clock.Now;
        if (client.State == ClientState.Upgrading)
        {
            bytes = bytes[protocol.TakeUpgrade(client, bytes)..];
        }

        string? end = null;
        while (end is null
            && client.State >= ClientState.Greeting
            && ServerFrame.TryRead(bytes, out var frame)
            && frame.Length <= bytes.Length)
        {
            end = TakeFrame(client, frame, bytes[frame.HeaderLength..frame.Length], now);
            bytes = bytes[frame.Length..];
        }

        return end;
    }

    private string? TakeFrame(Client client, ServerFrame frame, ReadOnlySpan<byte> payload, long now)
    {
        if (frame.Kind >= FrameKind.Close)
        {
            return protocol.TakeControl(client, frame.Kind, payload);
        }

        var isContinuation = frame.Kind == FrameKind.Continuation;
        if (isContinuation == (client.FirstFragment.Kind == FrameKind.Continuation))
        {
            throw new RunFailedException("The server sent fragments that do not follow each other.");
        }

        if (frame.IsFinal && !isContinuation)
        {
            protocol.TakeMessage(client, frame.IsCompressed, payload, now);
            return null;
        }

        if (!isContinuation)
        {
            client.FirstFragment = frame;
        }

        payload.CopyTo(client.Fragments.Append(payload.Length));
        if (frame.IsFinal)
        {
            var isCompressed = client.FirstFragment.IsCompressed;
            client.FirstFragment = default;
            protocol.TakeMessage(client, isCompressed, client.Fragments.Bytes, now);
            client.Fragments.Clear();
        }

        return null;
    }
}
