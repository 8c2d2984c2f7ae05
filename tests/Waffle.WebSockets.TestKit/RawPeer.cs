using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace Waffle.WebSockets.TestKit;

/// <summary>A client that sends hand-made frames and sees every frame of the server's, over any byte stream.</summary>
public sealed class RawPeer(IDuplexPipe transport) : IAsyncDisposable
{
    /// <summary>Reads end by this, so that a test fails instead of hanging.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly byte[] _defaultMask = [0x12, 0x34, 0x56, 0x78];

    public IDuplexPipe Transport => transport;

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await transport.Output.WriteAsync(bytes);

    /// <summary>Sends one frame, masked unless told otherwise.</summary>
    public Task SendFrameAsync(
        byte opcode, ReadOnlyMemory<byte> payload = default, bool isFinal = true, bool isMasked = true, int reservedBits = 0, int lengthForm = 0) =>
        SendBytesAsync(RawFrame.Encode(opcode, payload.Span, isFinal, isMasked ? _defaultMask : null, reservedBits, lengthForm));

    public Task SendTextAsync(string text) => SendFrameAsync(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(text));

    public Task SendBinaryAsync(ReadOnlyMemory<byte> data) => SendFrameAsync(RawFrame.BinaryOpcode, data);

    public Task SendPingAsync(string payload = "") => SendFrameAsync(RawFrame.PingOpcode, Encoding.UTF8.GetBytes(payload));

    public Task SendPongAsync(ReadOnlyMemory<byte> payload = default) => SendFrameAsync(RawFrame.PongOpcode, payload);

    public Task SendCloseAsync(int? code = 1000, string reason = "") =>
        SendFrameAsync(RawFrame.CloseOpcode, code is { } value ? RawFrame.ClosePayload(value, reason) : []);

    /// <summary>Reads the next frame; <see langword="null"/> at the end of the stream.</summary>
    /// <exception cref="TimeoutException">Nothing came within <see cref="Patience"/>.</exception>
    public async Task<RawFrame?> ReadFrameAsync()
    {
        while (true)
        {
            var result = await ReadTransportAsync();
            var buffer = result.Buffer;
            if (TryDecode(ref buffer, out var frame))
            {
                transport.Input.AdvanceTo(buffer.Start);
                return frame;
            }

            transport.Input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new EndOfStreamException("The stream ended inside a frame.");
            }
        }
    }

    /// <summary>Reads the next frame that is no ping.</summary>
    public async Task<RawFrame?> ReadFrameButPingsAsync()
    {
        var frame = await ReadFrameAsync();
        while (frame is { Opcode: RawFrame.PingOpcode })
        {
            frame = await ReadFrameAsync();
        }

        return frame;
    }

    /// <summary>Reads all frames up to the end of the stream.</summary>
    public async Task<List<RawFrame>> ReadToEndAsync()
    {
        var frames = new List<RawFrame>();
        while (await ReadFrameAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Ends our sending side.</summary>
    public ValueTask EndAsync() => transport.Output.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        await transport.Output.CompleteAsync();
        await transport.Input.CompleteAsync();
    }

    private async ValueTask<ReadResult> ReadTransportAsync()
    {
        if (transport.Input.TryRead(out var result))
        {
            return result;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await transport.Input.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"No frame came within {Patience}.");
        }
    }

    private static bool TryDecode(ref ReadOnlySequence<byte> buffer, out RawFrame? frame)
    {
        frame = null;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var first) || !reader.TryRead(out var second))
        {
            return false;
        }

        long length = second & 0x7F;
        Span<byte> extended = stackalloc byte[length switch { 126 => 2, 127 => 8, _ => 0 }];
        if (!reader.TryCopyTo(extended))
        {
            return false;
        }

        reader.Advance(extended.Length);
        length = extended.Length switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(extended),
            8 => BinaryPrimitives.ReadInt64BigEndian(extended),
            _ => length,
        };
        var isMasked = (second & 0x80) != 0;
        Span<byte> mask = stackalloc byte[isMasked ? 4 : 0];
        if (!reader.TryCopyTo(mask))
        {
            return false;
        }

        reader.Advance(mask.Length);
        var headerLength = (int)reader.Consumed;
        if (reader.Remaining < length)
        {
            return false;
        }

        var payload = reader.UnreadSequence.Slice(0, length).ToArray();
        for (var i = 0; isMasked && i < payload.Length; i++)
        {
            payload[i] ^= mask[i % 4];
        }

        frame = new RawFrame((first & 0x80) != 0, (first >> 4) & 7, (byte)(first & 0xF), isMasked, headerLength, payload);
        buffer = reader.UnreadSequence.Slice(length);
        return true;
    }
}
