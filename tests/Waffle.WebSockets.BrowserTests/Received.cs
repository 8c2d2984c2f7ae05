using System.Text.Json;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>One message of the server: a typed message with its payload, or an event with its data.</summary>
internal sealed record Received(string Kind, JsonElement Body, string? Id, string Json)
{
    public string this[string property] => Body.GetProperty(property).GetString()!;

    public static Received Parse(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        var root = document.RootElement.Clone();
        return root.TryGetProperty("type", out var type)
            ? new Received(type.GetString()!, root.GetProperty("payload"), GetId(root), root.GetRawText())
            : new Received(root.GetProperty("name").GetString()!, root.GetProperty("data"), null, root.GetRawText());
    }

    /// <summary>The strings of a list.</summary>
    public string[] List(string property) => [.. Body.GetProperty(property).EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>One property of each of a room's messages.</summary>
    public string[] Messages(string property) =>
        [.. Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty(property).GetString()!)];

    private static string? GetId(JsonElement root) => root.TryGetProperty("id", out var id) ? id.GetString() : null;
}
