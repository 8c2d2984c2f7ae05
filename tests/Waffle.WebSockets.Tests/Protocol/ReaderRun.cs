using System.Buffers;
using System.Text;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

/// <summary>Feeds a reader as a connection does, and writes down what came of it, one line for each event.</summary>
/// <remarks>
/// Lines are <c>text:string</c>, <c>binary:hex</c>, <c>ping:hex</c>, <c>pong:hex</c>, <c>close:code:reason</c> and <c>violation:name</c>;
/// the last two end the run. All memory that a call was given is overwritten after it.
/// </remarks>
internal sealed class ReaderRun(EndpointRole role, MessageLimits limits)
{
    public static readonly MessageLimits DefaultLimits = new(32 * 1024, 16_384);

    private readonly MessageReader _reader = new(role, limits);
    private readonly byte[] _controlPayload = new byte[FrameHeader.MaxControlPayloadLength];
    private byte[] _rest = [];

    public List<string> Events { get; } = [];

    public bool IsOver { get; private set; }

    /// <summary>How often the reader was asked.</summary>
    public long Steps { get; private set; }

    /// <summary>What comes of <paramref name="bytes"/>. Checks that each cut, in two segments and in two calls, gives the same.</summary>
    public static string[] EventsOf(byte[] bytes, EndpointRole role = EndpointRole.Server, MessageLimits? limits = null)
    {
        var whole = Of(new ReadOnlySequence<byte>(bytes));
        Assert.Equal(whole, Of(Segments.OfSingleBytes(bytes)));
        Assert.Equal(whole, Of([.. bytes.Select(value => new ReadOnlySequence<byte>([value]))]));

        // Each cut costs a run over all bytes; in what is long, those at both ends and a sample of the others must do.
        var step = bytes.Length <= 2048 ? 1 : 997;
        for (var cut = 0; cut <= bytes.Length; cut += cut < 64 || cut >= bytes.Length - 64 ? 1 : Math.Min(step, bytes.Length - 64 - cut))
        {
            Assert.Equal(whole, Of(Segments.Cut(bytes, cut)));
            Assert.Equal(whole, Of(new ReadOnlySequence<byte>(bytes[..cut]), new ReadOnlySequence<byte>(bytes[cut..])));
        }

        return whole;

        string[] Of(params ReadOnlySequence<byte>[] pieces)
        {
            var run = new ReaderRun(role, limits ?? DefaultLimits);
            foreach (var piece in pieces)
            {
                run.Feed(piece);
            }

            return run.End();
        }
    }

    /// <summary>Receives one more piece, behind what was not read of those before.</summary>
    public void Feed(ReadOnlySequence<byte> piece)
    {
        var pieces = new List<Memory<byte>> { _rest };
        foreach (var segment in piece)
        {
            pieces.Add(segment.ToArray());
        }

        var input = Segments.Of([.. pieces.Select(memory => (ReadOnlyMemory<byte>)memory)]);
        while (!IsOver && ReadOne(ref input))
        {
        }

        _rest = input.ToArray();
        pieces.ForEach(memory => memory.Span.Fill(0xDD));
    }

    /// <summary>No more comes. Returns all events.</summary>
    public string[] End()
    {
        _reader.Assembler.Discard();
        return [.. Events];
    }

    private bool ReadOne(ref ReadOnlySequence<byte> input)
    {
        Steps++;
        _controlPayload.AsSpan().Fill(0xDD);
        switch (_reader.Read(ref input, _controlPayload))
        {
            case ReadOutcome.NeedMoreData:
                return false;
            case ReadOutcome.FrameBegun:
                return true;
            case ReadOutcome.Message:
                AddMessage(_reader.TakeMessage());
                return true;
            case ReadOutcome.Control:
                AddControl(_controlPayload.AsSpan(0, (int)_reader.Control.PayloadLength));
                return true;
            default:
                AddEnd($"violation:{_reader.Violation!.Name}");
                return true;
        }
    }

    private void AddMessage(AssembledMessage message)
    {
        var data = message.Data.Span;
        Events.Add(message.IsText ? $"text:{Encoding.UTF8.GetString(data)}" : $"binary:{Convert.ToHexString(data)}");
        message.Return();
    }

    private void AddControl(ReadOnlySpan<byte> payload)
    {
        if (_reader.Control.Opcode != Opcode.Close)
        {
            Events.Add($"{(_reader.Control.Opcode == Opcode.Ping ? "ping" : "pong")}:{Convert.ToHexString(payload)}");
            return;
        }

        var violation = ClosePayload.Read(payload, out var close);
        AddEnd(violation is null ? $"close:{(int)close.Code}:{close.Reason}" : $"violation:{violation.Name}");
    }

    private void AddEnd(string line)
    {
        Events.Add(line);
        IsOver = true;
    }
}
