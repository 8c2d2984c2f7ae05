using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>What the read loop tells its connection.</summary>
internal interface IReaderOwner
{
    /// <summary>Whether received messages still count; otherwise all that comes is thrown away.</summary>
    bool IsReadingOver { get; }

    /// <summary>Whether not even that is needed any more.</summary>
    bool IsDiscardingOver { get; }

    void OnBytesReceived();

    /// <summary>More must come before anything else can be read.</summary>
    /// <param name="isUnderWay">A message or a frame has begun and not ended.</param>
    void OnAllRead(bool isUnderWay);

    void OnMessageReceived();

    /// <summary>The read-ahead is full; nothing is read until <see cref="OnReadResumed"/>.</summary>
    void OnReadPaused();

    void OnReadResumed();

    void OnPing(ReadOnlySpan<byte> payload);

    void OnPong(ReadOnlySpan<byte> payload);

    void OnCloseReceived(ClosePayload payload);

    /// <summary>The peer broke a rule.</summary>
    void OnViolation(Breach breach);

    /// <summary>The transport delivers nothing any more.</summary>
    void OnInputEnded(Exception? error);

    /// <summary>The read loop has ended, and needs the transport's input no more.</summary>
    ValueTask ReleaseInputAsync();

    /// <summary>After a failure: bytes came that nobody reads; <see cref="OnInputEnded"/> or a deadline ends that.</summary>
    void OnBytesDiscarded();

    /// <summary>More than <see cref="ConnectionReader.MaxDiscarded"/> bytes came that nobody reads.</summary>
    void OnTooMuchDiscarded();
}
