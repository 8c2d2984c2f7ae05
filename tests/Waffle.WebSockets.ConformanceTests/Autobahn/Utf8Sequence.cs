namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>A text, and whether it is UTF-8.</summary>
internal sealed record Utf8Sequence(string Id, bool IsValid, byte[] Bytes);
