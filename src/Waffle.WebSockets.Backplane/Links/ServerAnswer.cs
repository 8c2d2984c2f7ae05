namespace Waffle.WebSockets.Backplane;

/// <summary>One server's whole answer.</summary>
internal readonly record struct ServerAnswer(Guid Server, int Count, IReadOnlyList<AnsweredMember> Members);
