namespace Waffle.WebSockets.Routing;

/// <summary>What the sender of a message that failed is told.</summary>
internal static class ErrorReply
{
    /// <summary>What the sender is told of an exception, and whether it is a fault that only the log may tell.</summary>
    public static (string Code, string Text, bool IsFault) Describe(Exception error) => error switch
    {
        MessageRejectedException rejected => (rejected.Code, rejected.Message, false),
        MessageFormatException malformed => (malformed.Code, malformed.Message, false),
        RoomNotFoundException => ("room_not_found", "There is no such room.", false),
        ClientNotFoundException => ("client_not_found", "There is no such client.", false),
        UnexpectedMessageKindException { Actual: MessageKind.Binary } => ("text_expected", "Send messages as text.", false),
        _ => ("internal_error", "The message could not be handled.", true),
    };
}
