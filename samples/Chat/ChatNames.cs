using Waffle.WebSockets;

namespace Chat;

/// <summary>What people and rooms may be called, and what they may say.</summary>
internal static class ChatNames
{
    private const int MaxLength = 32;
    private const int MaxTextLength = 4_000;

    /// <summary>The user of a request; an empty name, which is refused with 400, for one that can't be.</summary>
    public static string ReadUser(string? user) => user is null ? "anonymous" : IsName(user.Trim()) ? user.Trim() : string.Empty;

    public static string CheckRoom(string? room) => room?.Trim() is { } name && IsName(name)
        ? name
        : throw new MessageRejectedException("invalid_room", $"A room's name has 1 to {MaxLength} characters.");

    public static string CheckText(string? text) => text is { Length: > 0 and <= MaxTextLength }
        ? text
        : throw new MessageRejectedException("invalid_text", $"A message has 1 to {MaxTextLength} characters.");

    private static bool IsName(string name) => name.Length is > 0 and <= MaxLength && !name.Any(char.IsControl);
}
