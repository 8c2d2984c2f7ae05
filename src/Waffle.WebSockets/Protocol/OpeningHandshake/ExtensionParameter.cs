namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>A parameter of an extension (RFC 6455 9.1).</summary>
/// <param name="Name">The parameter's token as sent.</param>
/// <param name="Value">The value without quotes and backslashes, itself a token; null if the parameter has none.</param>
internal readonly record struct ExtensionParameter(string Name, string? Value);
