using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Feeds a reader as a connection does, checks each result, and writes down all of them.</summary>
/// <remarks>
/// Each event is a byte for its kind, its length in four, and its content. All memory that a call was given is overwritten after it.
/// </remarks>
internal sealed class ReaderRun(EndpointRole role, MessageLimits limits, int? windowBits)
{
    private const byte Stale = 0xDD;
    private const int FirstBufferLength = 4096;

    private readonly MessageReader _reader = new(role, limits, windowBits is { } bits ? new MessageInflater(bits) : null);
    private readonly byte[] _controlPayload = new byte[FrameHeader.MaxControlPayloadLength];
    private readonly ArrayBufferWriter<byte> _events = new();
    private byte[] _rest = [];
    private long _received;
    private bool _isOver;

    /// <summary>The bytes of all messages.</summary>
    public long BytesGiven { get; private set; }

    /// <summary>Receives these pieces at once, behind what was not read of those before.</summary>
    public void Feed(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        if (_isOver)
        {
            return;
        }

        var copies = new List<Memory<byte>> { _rest };
        foreach (var piece in pieces)
        {
            copies.Add(piece.ToArray());
            _received += piece.Length;
        }

        var input = Pieces.Join(copies.ConvertAll(copy => (ReadOnlyMemory<byte>)copy));
        while (!_isOver && ReadOne(ref input))
        {
        }

        _rest = input.ToArray();
        copies.ForEach(copy => copy.Span.Fill(Stale));
    }

    /// <summary>No more comes; all events.</summary>
    public ReadOnlySpan<byte> End()
    {
        _reader.Assembler.Discard();
        return _events.WrittenSpan;
    }

    private bool ReadOne(ref ReadOnlySequence<byte> input)
    {
        _controlPayload.AsSpan().Fill(Stale);
        var outcome = _reader.Read(ref input, _controlPayload);
        switch (outcome)
        {
            case ReadOutcome.Message:
                AddMessage(_reader.TakeMessage());
                break;
            case ReadOutcome.Control:
                AddControl((int)_reader.Control.PayloadLength);
                break;
            case ReadOutcome.Violation:
                Check.Equal(ReadOutcome.Violation, _reader.Read(ref input, _controlPayload), "After a violation nothing is read.");
                AddViolation(_reader.Violation!);
                break;
            default:
                Check.That(_reader.Assembler.LengthAfterFrame <= MostBytes, "What is under way is within the limit.");
                break;
        }

        CheckBuffer(Buffer(_reader.Assembler).Length);
        Check.That(_reader.Assembler.IsUnderWay || Buffer(_reader.Assembler).Length == 0, "Between messages there is no buffer.");

        return outcome != ReadOutcome.NeedMoreData;
    }

    // A compressed message may be a little longer than what it stands for.
    private int MostBytes => windowBits is null ? limits.MaxSize : limits.MaxSize + (limits.MaxSize / 4) + 64;

    // What is held is not what can be asked for.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_buffer")]
    private static extern ref byte[] Buffer(MessageAssembler assembler);

    private void AddMessage(AssembledMessage message)
    {
        Check.That(message.Length <= limits.MaxSize, "A message is within the limit.");
        Check.That(!message.IsText || Utf8.IsValid(message.Data.Span), "A text message is UTF-8.");
        CheckBuffer(message.Buffer.Length);
        Add(message.IsText ? 'T' : 'B', message.Data.Span);
        BytesGiven += message.Length;
        message.Return();
    }

    // The pool gives the next power of two. Without compression the buffer grows only with what has come, whatever a header announces.
    private void CheckBuffer(int length)
    {
        Check.That(
            length <= Math.Max(16, (int)BitOperations.RoundUpToPowerOf2((uint)MostBytes)), "A buffer is no larger than the limit needs.");
        Check.That(
            windowBits is not null || length <= Math.Max(FirstBufferLength, 4 * _received), "A buffer is no larger than what came needs.");
    }

    private void AddControl(int length)
    {
        var payload = _controlPayload.AsSpan(0, length);
        Check.That(!_controlPayload.AsSpan(length).ContainsAnyExcept(Stale), "Only the payload of a control frame is written.");
        if (_reader.Control.Opcode != Opcode.Close)
        {
            Add(_reader.Control.Opcode == Opcode.Ping ? 'i' : 'o', payload);
            return;
        }

        if (ClosePayload.Read(payload, out var close) is { } violation)
        {
            AddViolation(violation);
            return;
        }

        Span<byte> written = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        Check.SameBytes(payload, written[..close.Write(written)], "A Close is written as it was read.");
        Add('c', payload);
        _isOver = true;
    }

    private void AddViolation(ProtocolViolation violation)
    {
        Check.That(CloseRules.MayBeSent(violation.Code), "A violation has a code that can be sent.");
        Add('v', System.Text.Encoding.ASCII.GetBytes(violation.Name));
        _isOver = true;
    }

    private void Add(char kind, ReadOnlySpan<byte> content)
    {
        var head = _events.GetSpan(1 + sizeof(int));
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], content.Length);
        _events.Advance(1 + sizeof(int));
        _events.Write(content);
    }
}
