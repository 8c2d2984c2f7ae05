namespace Waffle.WebSockets.Backplane;

/// <summary>A client of another server.</summary>
internal readonly record struct AnsweredMember(string ClientId, string ConnectionId);
