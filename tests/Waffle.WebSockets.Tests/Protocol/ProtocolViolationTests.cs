using System.Reflection;
using System.Text;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Protocol;

public class ProtocolViolationTests
{
    private static readonly MessageLimits _limits = new(MaxSize: 10, MaxFragments: 3);

    // What a client sends to break each rule; what it sends before that breaks none.
    private static readonly Dictionary<string, byte[]> _breaches = new()
    {
        [nameof(ProtocolViolations.ReservedBitSet)] = Wire.Frame(0x1, [], reservedBits: 2),
        [nameof(ProtocolViolations.ReservedOpcode)] = Wire.Frame(0x3, []),
        [nameof(ProtocolViolations.UnmaskedClientFrame)] = [0x81, 0x00],
        [nameof(ProtocolViolations.LengthNotMinimal)] = Wire.Frame(0x2, [1], lengthForm: 64),
        [nameof(ProtocolViolations.LengthTopBitSet)] = Wire.Header(0x2, 1UL << 63),
        [nameof(ProtocolViolations.FragmentedControlFrame)] = Wire.Frame(0x9, [], isFinal: false),
        [nameof(ProtocolViolations.ControlFrameTooLong)] = Wire.Ping(new byte[126]),
        [nameof(ProtocolViolations.UnexpectedContinuation)] = Wire.Continuation([]),
        [nameof(ProtocolViolations.MessageInterrupted)] = Wire.Join(Wire.Text("a", isFinal: false), Wire.Text("b")),
        [nameof(ProtocolViolations.CloseWithOneByte)] = Wire.Close([3]),
        [nameof(ProtocolViolations.CloseCodeNotAllowed)] = Wire.Close(1005),
        [nameof(ProtocolViolations.InvalidUtf8InText)] = Wire.Text([0xE2, 0x82, 0x41]),
        [nameof(ProtocolViolations.InvalidUtf8InCloseReason)] = Wire.Close([0x03, 0xE8, 0xE2, 0x82, 0x41]),
        [nameof(ProtocolViolations.MessageTooBig)] = Wire.Header(0x2, 11),
        [nameof(ProtocolViolations.TooManyFragments)] = Wire.Join(
            Wire.Binary([], isFinal: false),
            Wire.Continuation([], isFinal: false),
            Wire.Continuation([], isFinal: false),
            Wire.Continuation([])),
    };

    // What a server sends to a client to break a rule of its own.
    private static readonly Dictionary<string, byte[]> _breachesOfServers = new()
    {
        [nameof(ProtocolViolations.MaskedServerFrame)] = Wire.Text(""),
    };

    // Rules about time, and one of an extension: a connection finds their breach, not a reader of bytes. The values name the tests.
    private static readonly Dictionary<string, string> _provokedElsewhere = new()
    {
        [nameof(ProtocolViolations.InvalidDeflateData)] =
            nameof(CompressionTests.What_cannot_be_inflated_closes_with_1007),
        [nameof(ProtocolViolations.MessageTooSlow)] =
            nameof(TimeViolationTests.A_message_that_takes_longer_than_its_timeout_closes_with_1008),
        [nameof(ProtocolViolations.TooManyControlFrames)] =
            nameof(TimeViolationTests.More_control_frames_at_once_than_the_burst_close_with_1008),
    };

    [Fact]
    public void Every_row_is_provoked()
    {
        Assert.All(_breaches, breach => Assert.Equal([$"violation:{breach.Key}"], ReaderRun.EventsOf(breach.Value, limits: _limits)));
        Assert.All(_breachesOfServers, breach =>
            Assert.Equal([$"violation:{breach.Key}"], ReaderRun.EventsOf(breach.Value, EndpointRole.Client, _limits)));

        string[] provoked = [.. _breaches.Keys, .. _breachesOfServers.Keys, .. _provokedElsewhere.Keys];
        Assert.Equal(ProtocolViolations.All.Select(violation => violation.Name).Order(), provoked.Order());
    }

    [Fact]
    public void Every_text_fits_into_a_Close_whose_code_may_be_sent()
    {
        Assert.All(ProtocolViolations.All, violation =>
        {
            CloseRules.ThrowIfNotSendable(violation.Code, violation.Text);
            Assert.InRange(Encoding.UTF8.GetByteCount(violation.Text), 1, CloseRules.MaxReasonLength);
            Assert.EndsWith(".", violation.Text, StringComparison.Ordinal);
            Assert.Matches("^RFC (6455|7692) [0-9.]+$", violation.Section);
        });
    }

    [Fact]
    public void Every_row_is_in_the_table_once_under_its_own_name()
    {
        var rows = typeof(ProtocolViolations).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => field.GetValue(null) as ProtocolViolation);

        Assert.Equal(rows.Keys.Order(), ProtocolViolations.All.Select(violation => violation.Name).Order());
        Assert.All(ProtocolViolations.All, violation => Assert.Same(rows[violation.Name], violation));
        Assert.Equal(ProtocolViolations.All.Count, ProtocolViolations.All.Select(violation => violation.Text).Distinct().Count());
    }
}
