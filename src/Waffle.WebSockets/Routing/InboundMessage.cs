using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Routing;

/// <summary>A message on its way to its handler: bytes that stay valid until the handler has ended.</summary>
/// <param name="Utf8Json">The whole message.</param>
/// <param name="Payload">Where in it the payload stands; empty if it has none.</param>
internal readonly record struct InboundMessage(ReadOnlyMemory<byte> Utf8Json, Range Payload)
{
    /// <summary>The payload's JSON; empty if it has none.</summary>
    public ReadOnlySpan<byte> PayloadJson => Utf8Json.Span[Payload];

    /// <summary>Reads the parts anew; only for the rare paths that need them as objects.</summary>
    public MessageEnvelope ReadEnvelope() => MessageEnvelopeReader.ReadMessage(Utf8Json.Span);
}
