using System.Text;

namespace Waffle.WebSockets.Messages;

/// <summary>
/// Where the parts of a message or an event are in the bytes it was read from, or what is wrong with it. It points into these bytes,
/// so it is valid as long as they are.
/// </summary>
internal ref struct MessageEnvelope
{
    /// <summary>What is wrong; null for a good message. The other members hold what could be read all the same.</summary>
    public MessageProblem? Problem { get; set; }

    /// <summary>The type of a message or the name of an event, unescaped; empty if it could not be read.</summary>
    public ReadOnlySpan<byte> Type { get; set; }

    /// <summary>The id, unescaped; empty if there is none, or an empty one: see <see cref="HasId"/>.</summary>
    public ReadOnlySpan<byte> Id { get; set; }

    public bool HasId { get; set; }

    /// <summary>The payload or the data, relative to the input; an empty range if there is none.</summary>
    public Range Payload { get; set; }

    public readonly bool HasPayload => !Payload.Equals(default);

    public readonly string? GetTypeText() => Type.IsEmpty ? null : Encoding.UTF8.GetString(Type);

    public readonly string? GetIdText() => HasId ? Encoding.UTF8.GetString(Id) : null;

    /// <summary>Copies the payload out of the input that this envelope was read from.</summary>
    public readonly RawJson CopyPayload(ReadOnlySpan<byte> utf8Json) => RawJson.FromChecked(utf8Json[Payload].ToArray());

    /// <exception cref="MessageFormatException">There is a <see cref="Problem"/>.</exception>
    public readonly void ThrowIfProblem()
    {
        if (Problem is { } problem)
        {
            throw new MessageFormatException(problem, GetTypeText(), GetIdText());
        }
    }
}
