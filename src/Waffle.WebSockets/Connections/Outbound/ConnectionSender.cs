namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>The way of one message into its connection's queue: compressed where that is agreed, at once or after a wait for room.</summary>
internal sealed class ConnectionSender(ConnectionEngine engine, WebSocketConnectionOptions options, ConnectionCompression? compression)
{
    /// <summary>Offers a sealed frame to the queue by a policy. Takes over the caller's reference to it.</summary>
    public ValueTask<SendStatus> SendAsync(
        OutboundFrame frame, QueueFullPolicy policy, string? key, bool? compress, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            frame.Release();
            return ValueTask.FromCanceled<SendStatus>(cancellationToken);
        }

        var isFinished = compression?.IsFinished(frame, compress) ?? true;
        frame = CompressShared(frame, compress);
        var outcome = engine.Queue.Enqueue(frame, policy, key, isFinished);
        if (outcome == EnqueueOutcome.Full)
        {
            return WaitForRoomAsync(frame, key, isFinished, cancellationToken);
        }

        frame.Release();
        return new ValueTask<SendStatus>(engine.SettleSend(outcome));
    }

    private OutboundFrame CompressShared(OutboundFrame frame, bool? compress)
    {
        if (compression is not { IsShared: true } || !compression.Wants(frame, compress))
        {
            return frame;
        }

        try
        {
            if (ConnectionCompression.CompressShared(frame, compression.Agreement.DeflateWindowBits) is not { } compressed)
            {
                return frame;
            }

            frame.Release();
            return compressed;
        }
        catch
        {
            frame.Release();
            throw;
        }
    }

    private async ValueTask<SendStatus> WaitForRoomAsync(OutboundFrame frame, string? key, bool isFinished, CancellationToken cancellationToken)
    {
        SendWaiter? waiter = null;
        try
        {
            waiter = new SendWaiter(engine.Queue, frame, key, isFinished);
            var outcome = engine.Queue.Wait(waiter, options.WriteTimeout);
            if (outcome != EnqueueOutcome.Full)
            {
                return engine.SettleSend(outcome);
            }

            await using var cancellation = cancellationToken.UnsafeRegister(
                static (waiting, token) => ((SendWaiter)waiting!).Cancel(token), waiter);
            var status = await waiter.Status;
            if (status == SendStatus.Dropped)
            {
                engine.OnWaitTimedOut();
            }

            return status;
        }
        finally
        {
            if (waiter is not null)
            {
                // Without memory for the cancellation nobody waits, so it must not be sent for any more.
                engine.Queue.GiveUp(waiter);
            }

            frame.Release();
        }
    }
}
