using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Protocol;

/// <summary>The table of all rules whose breach by a peer fails the connection (RFC 6455 7.1.7).</summary>
internal static class ProtocolViolations
{
    private static readonly List<ProtocolViolation> _all = [];

    public static readonly ProtocolViolation ReservedBitSet =
        Add(CloseCode.ProtocolError, "RFC 6455 5.2", "A reserved bit is set that no agreed extension defines.");

    public static readonly ProtocolViolation ReservedOpcode =
        Add(CloseCode.ProtocolError, "RFC 6455 5.2", "The frame's opcode is reserved.");

    public static readonly ProtocolViolation UnmaskedClientFrame =
        Add(CloseCode.ProtocolError, "RFC 6455 5.1", "A client must mask its frames.");

    public static readonly ProtocolViolation MaskedServerFrame =
        Add(CloseCode.ProtocolError, "RFC 6455 5.1", "A server must not mask its frames.");

    public static readonly ProtocolViolation LengthNotMinimal =
        Add(CloseCode.ProtocolError, "RFC 6455 5.2", "The payload length is not written in its shortest form.");

    public static readonly ProtocolViolation LengthTopBitSet =
        Add(CloseCode.ProtocolError, "RFC 6455 5.2", "The top bit of the 64-bit payload length is set.");

    public static readonly ProtocolViolation FragmentedControlFrame =
        Add(CloseCode.ProtocolError, "RFC 6455 5.5", "A control frame must not be fragmented.");

    public static readonly ProtocolViolation ControlFrameTooLong =
        Add(CloseCode.ProtocolError, "RFC 6455 5.5", "A control frame's payload must be 125 bytes or less.");

    public static readonly ProtocolViolation UnexpectedContinuation =
        Add(CloseCode.ProtocolError, "RFC 6455 5.4", "A continuation frame came without a message to continue.");

    public static readonly ProtocolViolation MessageInterrupted =
        Add(CloseCode.ProtocolError, "RFC 6455 5.4", "A new message began before the last one had ended.");

    public static readonly ProtocolViolation CloseWithOneByte =
        Add(CloseCode.ProtocolError, "RFC 6455 5.5.1", "A Close payload of one byte holds no code.");

    public static readonly ProtocolViolation CloseCodeNotAllowed =
        Add(CloseCode.ProtocolError, "RFC 6455 7.4", "The close code must not be sent in a Close frame.");

    public static readonly ProtocolViolation InvalidUtf8InText =
        Add(CloseCode.InvalidFramePayloadData, "RFC 6455 8.1", "A text message is not valid UTF-8.");

    public static readonly ProtocolViolation InvalidUtf8InCloseReason =
        Add(CloseCode.InvalidFramePayloadData, "RFC 6455 8.1", "The close reason is not valid UTF-8.");

    public static readonly ProtocolViolation InvalidDeflateData =
        Add(CloseCode.InvalidFramePayloadData, "RFC 7692 7.2.2", "A compressed message cannot be inflated.");

    public static readonly ProtocolViolation MessageTooBig =
        Add(CloseCode.MessageTooBig, "RFC 6455 7.4.1", "The message is larger than this endpoint accepts.");

    public static readonly ProtocolViolation TooManyFragments =
        Add(CloseCode.PolicyViolation, "RFC 6455 7.4.1", "The message has more fragments than this endpoint accepts.");

    public static readonly ProtocolViolation MessageTooSlow =
        Add(CloseCode.PolicyViolation, "RFC 6455 7.4.1", "The message took longer to arrive than this endpoint accepts.");

    public static readonly ProtocolViolation TooManyControlFrames =
        Add(CloseCode.PolicyViolation, "RFC 6455 7.4.1", "More control frames arrived than this endpoint accepts.");

    /// <summary>Every row, for tests and documentation.</summary>
    public static IReadOnlyList<ProtocolViolation> All => _all;

    private static ProtocolViolation Add(CloseCode code, string section, string text, [CallerMemberName] string name = "")
    {
        var violation = new ProtocolViolation(name, code, section, text);
        _all.Add(violation);
        return violation;
    }
}
