namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>One element of <c>Sec-WebSocket-Extensions</c> (RFC 6455 9.1).</summary>
/// <param name="Name">The extension's token as sent.</param>
/// <param name="Parameters">Its parameters in the order sent; a name may occur more than once.</param>
internal sealed record ExtensionOffer(string Name, IReadOnlyList<ExtensionParameter> Parameters);
