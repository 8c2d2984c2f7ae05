using System.Text.Json;

namespace Waffle.WebSockets.Messages;

/// <summary>The member names, limits and problems that tell a message from an event; everything else they share.</summary>
/// <remarks>
/// Both are JSON objects, written in this order, without the members that are absent:
/// <code>
/// {"type":"chat","payload":{"text":"hello"},"id":"7"}
/// {"name":"user_joined","data":{"user":"alice"}}
/// </code>
/// </remarks>
internal sealed class EnvelopeFormat
{
    /// <summary>The longest type, name or id, in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 128;

    public static readonly EnvelopeFormat Message = new("type", "payload", "id")
    {
        MissingName = MessageProblem.MissingType,
        InvalidName = MessageProblem.InvalidType,
        NameTooLong = MessageProblem.TypeTooLong,
    };

    public static readonly EnvelopeFormat Event = new("name", "data", idMember: null)
    {
        MissingName = MessageProblem.MissingName,
        InvalidName = MessageProblem.InvalidName,
        NameTooLong = MessageProblem.NameTooLong,
    };

    private EnvelopeFormat(string nameMember, string contentMember, string? idMember)
    {
        NameMember = JsonEncodedText.Encode(nameMember);
        ContentMember = JsonEncodedText.Encode(contentMember);
        IdMember = idMember is null ? null : JsonEncodedText.Encode(idMember);
    }

    public JsonEncodedText NameMember { get; }

    public JsonEncodedText ContentMember { get; }

    public JsonEncodedText? IdMember { get; }

    public required MessageProblem MissingName { get; init; }

    public required MessageProblem InvalidName { get; init; }

    public required MessageProblem NameTooLong { get; init; }

    /// <exception cref="ArgumentException">The type or name is empty, too long or not Unicode.</exception>
    public static void CheckName(string name, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameterName);
        CheckLength(name, parameterName);
    }

    /// <exception cref="ArgumentException">The id is too long or not Unicode.</exception>
    public static void CheckId(string? id, string parameterName)
    {
        if (id is not null)
        {
            CheckLength(id, parameterName);
        }
    }

    private static void CheckLength(string text, string parameterName)
    {
        if (StrictUtf8.GetByteCount(text, parameterName) > MaxNameBytes)
        {
            throw new ArgumentException("The text is longer than 128 bytes of UTF-8.", parameterName);
        }
    }
}
