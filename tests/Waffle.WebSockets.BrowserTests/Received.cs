using System.Text.Json;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>
/// One message of the server: a typed message with its payload, an event with its data, or other JSON, whose kind is its type if it has
/// one and whose body is all of it.
/// </summary>
internal sealed record Received(string Kind, JsonElement Body, string? Id, string Json)
{
    public string this[string property] => Body.GetProperty(property).GetString()!;

    public static Received Parse(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        var root = document.RootElement.Clone();
        if (GetText(root, "name") is { } name)
        {
            return new Received(name, root.GetProperty("data"), null, root.GetRawText());
        }

        var body = root.TryGetProperty("payload", out var payload) ? payload : root;
        return new Received(GetText(root, "type") ?? string.Empty, body, GetText(root, "id"), root.GetRawText());
    }

    /// <summary>The strings of a list.</summary>
    public string[] List(string property) => [.. Body.GetProperty(property).EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>One property of each of a room's messages.</summary>
    public string[] Messages(string property) =>
        [.. Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty(property).GetString()!)];

    private static string? GetText(JsonElement root, string property) =>
        root.TryGetProperty(property, out var text) ? text.GetString() : null;
}
