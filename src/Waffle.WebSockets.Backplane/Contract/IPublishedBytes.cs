namespace Waffle.WebSockets.Backplane;

/// <summary>A message's bytes that wait to be published, and their one reference.</summary>
internal interface IPublishedBytes
{
    ReadOnlySpan<byte> Payload { get; }

    void Release();
}
