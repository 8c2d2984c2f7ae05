using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Routing;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>What the tables of the pages say about values, codes and defaults is what the library does, and nothing is left out.</summary>
public partial class ReferenceTests
{
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private const string Errors = "docs/errors-and-close-codes.md";

    /// <summary>Page and row, up to the cell that matters.</summary>
    public static TheoryData<string, string> Rows =>
    [
        .. Enum.GetNames<CloseCause>().Select(cause => (Errors, $"`{cause}`")),
        .. Enum.GetValues<CloseCode>().Select(code => (Errors, $"| {(int)code} | `{code}` |")),
        .. Enum.GetValues<MessageProblem>().Select(problem =>
            (Errors, $"| `{MessageProblemText.GetCode(problem)}` | {MessageProblemText.GetSentence(problem)} |")),
        .. Replies().Select(reply => (Errors, $"| `{reply.Code}` | {reply.Text} |")),
        .. Enum.GetNames<JoinResult>().Select(result => ("docs/rooms-and-broadcasts.md", $"| `{result}` |")),
        .. Enum.GetNames<SendStatus>().Select(status => ("docs/slow-clients.md", $"| `{status}` |")),
        .. Enum.GetNames<QueueFullPolicy>().Select(policy => ("docs/slow-clients.md", $"| `{policy}` |")),
        .. Libraries.All.SelectMany(static library => library.GetExportedTypes()).Where(typeof(Exception).IsAssignableFrom).Select(type =>
            (Errors, type == typeof(WebSocketConnectionException) ? $"`{type.Name}`" : $"| `{type.Name}` |")),
        .. Refusals().Select(refusal => (Errors, $"| {refusal.Status} | {refusal.Reason}")),
        .. LogEvents().Select(log => (Errors, $"| {log.EventId} | {DescribeLevel(log.Level)} |")),
    ];

    public static TheoryData<string, string> Options =>
    [
        .. from options in new object[]
           {
               new WebSocketConnectionOptions(), new WebSocketEndpointOptions(), new WebSocketHubEndpointOptions(), new WebSocketHubOptions(),
               new MessageRouteOptions(), new BackplaneOptions(), new WebSocketDrainOptions(), new WebSocketTestClientOptions(),
               new WebSocketHubTestClientOptions(),
           }
           from property in options.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
           select (NameInTables(property), DescribeDefault(property.GetValue(options))),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_value_has_its_row(string page, string row) => Assert.True(MarkdownPage.Read(page).Contains(row, StringComparison.Ordinal), row);

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_has_its_row_with_its_default(string option, string value)
    {
        var defaults =
            from page in MarkdownPage.All
            where page is not (Errors or "docs/testing.md")
            from Match row in OptionRow().Matches(MarkdownPage.Read(page))
            where row.Groups["name"].Value == option
            select row.Groups["default"].Value;
        Assert.NotEmpty(defaults);
        Assert.All(defaults, text => Assert.StartsWith(value, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_test_finds_what_it_looks_for()
    {
        Assert.True(Refusals().Count() >= 21);
        Assert.True(LogEvents().Count() >= 10);
    }

    private static IEnumerable<HandshakeRefusal> Refusals() =>
        from type in typeof(WebSocketConnection).Assembly.GetTypes()
        from refusal in type.GetFields(AnyStatic).Where(field => field.FieldType == typeof(HandshakeRefusal)).Select(field => field.GetValue(null))
        select (HandshakeRefusal)refusal;

    private static IEnumerable<(string Code, string Text, bool IsFault)> Replies() => new Exception[]
    {
        new RoomNotFoundException("tea"), new ClientNotFoundException("1"), new UnexpectedMessageKindException(MessageKind.Text, MessageKind.Binary),
        new InvalidOperationException(),
    }.Select(ErrorReply.Describe);

    private static IEnumerable<LoggerMessageAttribute> LogEvents() =>
        from library in Libraries.All
        from type in library.GetTypes()
        from method in type.GetMethods(AnyStatic)
        let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
        where attribute is not null
        select attribute;

    // One name stands for two options: the backplane's has its type before it.
    private static string NameInTables(PropertyInfo option) =>
        option.DeclaringType == typeof(BackplaneOptions) && typeof(WebSocketConnectionOptions).GetProperty(option.Name) is not null
            ? $"{nameof(BackplaneOptions)}.{option.Name}"
            : option.Name;

    // An event without a level of its own is the refused handshake, whose level depends on the environment.
    private static string DescribeLevel(LogLevel level) =>
        level == LogLevel.None ? "Warning in development, otherwise Debug" : $"{level}";

    private static string DescribeDefault(object? value) => value switch
    {
        bool flag => flag ? "`true`" : "`false`",
        int number => number.ToString(CultureInfo.InvariantCulture),
        TimeSpan time when time > TimeSpan.FromSeconds(60) => $"{time.TotalMinutes} min",
        TimeSpan time => $"{time.TotalSeconds} s",
        Enum member => $"`{member}`",
        IEnumerable<string> => "none",
        _ => string.Empty,
    };

    [GeneratedRegex(@"^\| `(?<name>[\w.]+)` \| (?<default>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex OptionRow();
}
