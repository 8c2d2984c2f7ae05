using System.Buffers;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Protocol;

/// <summary>What <see cref="MessageReader.Read"/> found.</summary>
internal enum ReadOutcome
{
    /// <summary>All that could be read was read.</summary>
    NeedMoreData,

    /// <summary>A data frame's header was read; its payload follows with the next call, when the caller has room for it.</summary>
    FrameBegun,

    /// <summary>A whole message lies ready to be taken.</summary>
    Message,

    /// <summary>A control frame: its header and payload are set.</summary>
    Control,

    /// <summary>The peer broke a rule; nothing after it may be read (RFC 6455 7.1.7).</summary>
    Violation,
}

/// <summary>Turns received bytes into messages and control frames, however the bytes are cut. Pure: no I/O, no clock.</summary>
/// <param name="role">Our end.</param>
/// <param name="limits">What a message may be.</param>
/// <param name="inflater">What inflates compressed messages; <see langword="null"/>: there are none, and RSV1 means nothing.</param>
internal sealed class MessageReader(EndpointRole role, MessageLimits limits, MessageInflater? inflater = null)
{
    private bool _isInPayload;

    /// <summary>Where fragments come together.</summary>
    public MessageAssembler Assembler { get; } = new(limits);

    /// <summary>The header of the control frame that was read last.</summary>
    public FrameHeader Control { get; private set; }

    /// <summary>The broken rule, after <see cref="ReadOutcome.Violation"/>.</summary>
    public ProtocolViolation? Violation { get; private set; }

    /// <summary>Reads up to the next event and cuts what was read off <paramref name="input"/>.</summary>
    /// <param name="input">What was received; what is left of it must be passed again, with more behind it.</param>
    /// <param name="controlPayload">Room for 125 bytes: a control frame's payload, unmasked.</param>
    public ReadOutcome Read(ref ReadOnlySequence<byte> input, Span<byte> controlPayload)
    {
        if (Violation is not null)
        {
            return ReadOutcome.Violation;
        }

        if (_isInPayload)
        {
            return ReadPayload(ref input, controlPayload);
        }

        var rest = input;
        var status = FrameHeaderReader.Read(ref rest, role, allowRsv1: inflater is not null, out var header, out var violation);
        if (status != FrameHeaderStatus.Done)
        {
            return status == FrameHeaderStatus.NeedMoreData ? ReadOutcome.NeedMoreData : Fail(violation!);
        }

        // RFC 6455 5.4: control frames may sit between the fragments of a message.
        if (header.Opcode.IsControl())
        {
            if (rest.Length < header.PayloadLength)
            {
                return ReadOutcome.NeedMoreData;
            }

            input = ReadControl(rest, header, controlPayload);
            return ReadOutcome.Control;
        }

        violation = Assembler.Begin(header);
        if (violation is not null)
        {
            return Fail(violation);
        }

        input = rest;
        _isInPayload = true;
        return ReadOutcome.FrameBegun;
    }

    /// <summary>Hands the whole message to the caller, who then owns its buffer.</summary>
    public AssembledMessage TakeMessage() => Assembler.Take();

    private ReadOutcome ReadPayload(ref ReadOnlySequence<byte> input, Span<byte> controlPayload)
    {
        var violation = Assembler.Append(ref input);
        if (violation is not null)
        {
            return Fail(violation);
        }

        if (Assembler.FrameRemaining > 0)
        {
            return ReadOutcome.NeedMoreData;
        }

        _isInPayload = false;
        if (inflater is not null && Assembler.NeedsInflating && Assembler.Inflate(inflater) is { } inflateViolation)
        {
            return Fail(inflateViolation);
        }

        return Assembler.IsComplete ? ReadOutcome.Message : Read(ref input, controlPayload);
    }

    private ReadOnlySequence<byte> ReadControl(ReadOnlySequence<byte> rest, in FrameHeader header, Span<byte> controlPayload)
    {
        var length = (int)header.PayloadLength;
        controlPayload = controlPayload[..length];
        rest.Slice(0, length).CopyTo(controlPayload);
        header.MaskingKey?.Apply(controlPayload, controlPayload, 0);
        Control = header;
        return rest.Slice(length);
    }

    private ReadOutcome Fail(ProtocolViolation violation)
    {
        Violation = violation;
        return ReadOutcome.Violation;
    }
}
