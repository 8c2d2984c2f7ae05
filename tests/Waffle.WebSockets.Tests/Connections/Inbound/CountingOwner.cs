using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Tests.Connections.Inbound;

/// <summary>Whom a read loop belongs to that runs without a connection: it counts the messages, and the times that the loop waits for room.</summary>
internal sealed class CountingOwner : IReaderOwner
{
    private int _messages;
    private int _pauses;
    private volatile bool _isReadingOver;

    public int Messages => Volatile.Read(ref _messages);

    public int Pauses => Volatile.Read(ref _pauses);

    public bool IsReadingOver => _isReadingOver;

    public bool IsDiscardingOver => true;

    public void OnMessageReceived() => Interlocked.Increment(ref _messages);

    public void OnReadPaused() => Interlocked.Increment(ref _pauses);

    public void OnReadResumed()
    {
    }

    public void OnBytesReceived()
    {
    }

    public void OnAllRead(bool isUnderWay)
    {
    }

    public void OnInputEnded(Exception? error) => _isReadingOver = true;

    public ValueTask ReleaseInputAsync() => ValueTask.CompletedTask;

    public void OnBytesDiscarded()
    {
    }

    public void OnTooMuchDiscarded()
    {
    }

    public void OnPing(ReadOnlySpan<byte> payload) => throw new NotSupportedException();

    public void OnPong(ReadOnlySpan<byte> payload) => throw new NotSupportedException();

    public void OnCloseReceived(ClosePayload payload) => throw new NotSupportedException();

    public void OnViolation(Breach breach) => throw new NotSupportedException();
}
