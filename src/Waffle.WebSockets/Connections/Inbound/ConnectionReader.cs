using System.Buffers;
using System.IO.Pipelines;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>The one read loop of a connection, from the handshake to the end: bytes in; messages into the inbox, control frames to the owner.</summary>
internal sealed class ConnectionReader(PipeReader input, MessageReader messages, Inbox inbox, IReaderOwner owner)
{
    /// <summary>What a peer may send after it has been failed or has closed, in bytes, before it is cut off.</summary>
    public const int MaxDiscarded = 64 * 1024;

    private long _messageCount;
    private long _byteCount;

    /// <summary>Whole messages that have come.</summary>
    public long MessageCount => Volatile.Read(ref _messageCount);

    /// <summary>Bytes that have come and count: not those after the end of reading.</summary>
    public long ByteCount => Volatile.Read(ref _byteCount);

    /// <summary>Reads until the peer's Close, a violation or the transport's end; then throws away what still comes, and releases the input. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!owner.IsReadingOver)
            {
                if (!Take(await ReadAsync()))
                {
                    await MakeRoomAsync();
                }
            }

            await DiscardRestAsync();
        }
        catch (Exception error)
        {
            owner.OnInputEnded(error);
        }
        finally
        {
            messages.Assembler.Discard();
        }

        await owner.ReleaseInputAsync();
    }

    private ReadAndDeliver ReadAsync()
    {
        // The server cancels a pending read of its own accord when it begins to stop; that is no reason to stop here.
        var read = input.ReadAsync();
        if (read.IsCompleted)
        {
            // There is more to do here.
            inbox.Deliver(onThisThread: false);
        }

        return new ReadAndDeliver(read, inbox);
    }

    // False: the inbox is too full for what comes next.
    private bool Take(in ReadResult result)
    {
        var buffer = result.Buffer;
        if (!buffer.IsEmpty)
        {
            owner.OnBytesReceived();
        }

        var isFull = Process(ref buffer);
        Volatile.Write(ref _byteCount, _byteCount + result.Buffer.Length - buffer.Length);
        if (isFull)
        {
            // Paused before the peer can notice that its bytes are taken.
            owner.OnReadPaused();
            input.AdvanceTo(buffer.Start);
            inbox.Deliver(onThisThread: false);
            return false;
        }

        input.AdvanceTo(buffer.Start, buffer.End);
        if (result.IsCompleted && !owner.IsReadingOver)
        {
            owner.OnInputEnded(null);
        }

        return true;
    }

    private async Task MakeRoomAsync()
    {
        await WaitForRoomAsync();
        owner.OnReadResumed();

        // A frame without payload is whole already, and no byte may follow that would make the next read return.
        var nothing = ReadOnlySequence<byte>.Empty;
        Process(ref nothing);
    }

    // Reads all that the buffer holds; true if the inbox is too full for the next payload.
    private bool Process(ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> controlPayload = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        while (!owner.IsReadingOver)
        {
            switch (messages.Read(ref buffer, controlPayload))
            {
                case ReadOutcome.NeedMoreData:
                    owner.OnAllRead(isUnderWay: messages.Assembler.IsUnderWay || !buffer.IsEmpty);
                    return false;
                case ReadOutcome.FrameBegun:
                    if (!HasRoom())
                    {
                        return true;
                    }

                    break;
                case ReadOutcome.Message:
                    inbox.Add(messages.TakeMessage());
                    Volatile.Write(ref _messageCount, _messageCount + 1);
                    owner.OnMessageReceived();
                    break;
                case ReadOutcome.Control:
                    ProcessControl(controlPayload[..(int)messages.Control.PayloadLength]);
                    break;
                default:
                    owner.OnViolation(new Breach(messages.Violation!, messages.Assembler.LengthRefused, messages.Assembler.LimitRefused));
                    return false;
            }
        }

        return false;
    }

    private bool HasRoom() => inbox.HasRoom(messages.Assembler.BufferAfterFrame, messages.Assembler.LargestBuffer);

    private async Task WaitForRoomAsync()
    {
        while (true)
        {
            await inbox.WaitForRoomAsync(messages.Assembler.BufferAfterFrame, messages.Assembler.LargestBuffer);
            if (HasRoom())
            {
                return;
            }

            // A small one was taken, which is not enough: but the application reads, so its time begins anew.
            owner.OnReadPaused();
        }
    }

    private void ProcessControl(ReadOnlySpan<byte> payload)
    {
        switch (messages.Control.Opcode)
        {
            case Opcode.Ping:
                owner.OnPing(payload);
                break;
            case Opcode.Pong:
                owner.OnPong(payload);
                break;
            default:
                var violation = ClosePayload.Read(payload, out var close);
                if (violation is null)
                {
                    owner.OnCloseReceived(close);
                }
                else
                {
                    owner.OnViolation(new Breach(violation));
                }

                break;
        }
    }

    // A transport that is closed while bytes lie unread is reset, which can destroy our Close on its way to the peer.
    private async Task DiscardRestAsync()
    {
        long discarded = 0;
        while (!owner.IsDiscardingOver && discarded <= MaxDiscarded)
        {
            var result = await input.ReadAsync();
            discarded += result.Buffer.Length;
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                break;
            }

            // Not for a read that was only woken: the peer has said nothing.
            if (!result.Buffer.IsEmpty)
            {
                owner.OnBytesDiscarded();
            }
        }

        owner.OnInputEnded(null);
        if (discarded > MaxDiscarded)
        {
            owner.OnTooMuchDiscarded();
        }
    }
}
