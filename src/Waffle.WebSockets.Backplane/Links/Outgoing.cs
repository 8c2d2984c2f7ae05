using System.Buffers;

namespace Waffle.WebSockets.Backplane;

/// <summary>One envelope that waits to be published.</summary>
/// <param name="Channel">Where.</param>
/// <param name="Scope">What the channel is for.</param>
/// <param name="Header">How it begins.</param>
/// <param name="Attributes">Of a message; of anything else, none.</param>
/// <param name="Content">What follows, with its reference.</param>
internal readonly record struct Outgoing(
    string Channel, ChannelScope Scope, EnvelopeHeader Header, MessageAttributes? Attributes, IPublishedBytes? Content)
{
    // What it costs to wait, beside its bytes.
    private const int EntryCost = 64;

    // Both are taken once: the content may be released before they are asked for.

    public int Cost { get; } = (Content?.Payload.Length ?? 0) + EntryCost;

    /// <summary>How many bytes the envelope has.</summary>
    public int Length { get; } = EnvelopeHeader.Length + (Attributes?.Length ?? 0) + (Content?.Payload.Length ?? 0) + EnvelopeChecksum.Length;

    /// <param name="output">An empty one.</param>
    public void Write(ArrayBufferWriter<byte> output)
    {
        var writer = new EnvelopeWriter(output);
        Header.Write(writer);
        Attributes?.Write(writer);
        writer.WriteBytes(Content is null ? default : Content.Payload);
        EnvelopeChecksum.Write(writer, output.WrittenSpan);
    }
}
