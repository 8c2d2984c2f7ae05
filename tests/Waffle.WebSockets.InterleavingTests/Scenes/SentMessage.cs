namespace Waffle.WebSockets.InterleavingTests.Scenes;

internal sealed record SentMessage(byte Sender, byte Number, byte[] Payload, SendStatus Status);
