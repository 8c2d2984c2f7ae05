namespace Waffle.WebSockets.Messages;

/// <summary>The code and the sentence of each problem: fixed text, so that nothing a peer sent ends up in a log or in a reply.</summary>
internal static class MessageProblemText
{
    public static string GetCode(MessageProblem problem) => Get(problem).Code;

    public static string GetSentence(MessageProblem problem) => Get(problem).Sentence;

    private static (string Code, string Sentence) Get(MessageProblem problem) => problem switch
    {
        MessageProblem.InvalidJson => ("invalid_json", "The message is not valid JSON."),
        MessageProblem.TooDeep => ("too_deep", "The message is nested more than 32 levels deep."),
        MessageProblem.NotAnObject => ("not_an_object", "The message is not a JSON object."),
        MessageProblem.TrailingData => ("trailing_data", "The message goes on after its JSON object; send one object per message."),
        MessageProblem.DuplicateMember => ("duplicate_member", "The message has the same member twice."),
        MessageProblem.MissingType => ("missing_type", "The message has no \"type\"."),
        MessageProblem.InvalidType => ("invalid_type", "The \"type\" of the message is not a string of 1 to 128 bytes."),
        MessageProblem.TypeTooLong => ("type_too_long", "The \"type\" of the message is longer than 128 bytes."),
        MessageProblem.InvalidId => ("invalid_id", "The \"id\" of the message is not a string."),
        MessageProblem.IdTooLong => ("id_too_long", "The \"id\" of the message is longer than 128 bytes."),
        MessageProblem.MissingName => ("missing_name", "The event has no \"name\"."),
        MessageProblem.InvalidName => ("invalid_name", "The \"name\" of the event is not a string of 1 to 128 bytes."),
        MessageProblem.NameTooLong => ("name_too_long", "The \"name\" of the event is longer than 128 bytes."),
        MessageProblem.InvalidPayload => ("invalid_payload", "The content of the message is not of the expected form."),
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, null),
    };
}
