namespace Waffle.WebSockets.Protocol;

/// <summary>A rule that a peer can break: what ends the connection, as data.</summary>
/// <param name="Name">The rule's name in <see cref="ProtocolViolations"/>.</param>
/// <param name="Code">The close code that tells the peer.</param>
/// <param name="Section">Where the rule stands.</param>
/// <param name="Text">One sentence: the reason in our Close and in the exception. At most 123 bytes.</param>
internal sealed record ProtocolViolation(string Name, CloseCode Code, string Section, string Text);
