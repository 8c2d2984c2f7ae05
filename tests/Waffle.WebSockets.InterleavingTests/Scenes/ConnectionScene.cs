using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.InterleavingTests.Schedules;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>A connection over a transport that moves as the schedule says, and all that was sent on it.</summary>
internal sealed class ConnectionScene
{
    private readonly Interleaver _schedule;
    private readonly List<OutboundFrame> _frames = [];

    public ConnectionScene(Interleaver schedule, Action<WebSocketConnectionOptions>? configure = null)
    {
        _schedule = schedule;
        var options = new WebSocketConnectionOptions { PingInterval = TimeSpan.Zero, WriteTimeout = TimeSpan.Zero, UnreadLimit = TimeSpan.Zero };
        configure?.Invoke(options);
        Transport = new GatedTransport(schedule);
        Connection = new WebSocketConnection(Transport, options, Time);
        Connection.Start();
    }

    public ManualTime Time { get; } = new();

    public GatedTransport Transport { get; }

    public WebSocketConnection Connection { get; }

    public List<SentMessage> Messages { get; } = [];

    /// <summary>Adds an actor; the transport moves until all of them have ended.</summary>
    public void Add(Action work) => _schedule.Add(work);

    /// <summary>Runs all actors, and the transport.</summary>
    /// <param name="flushError">What a flush ends with, if it fails.</param>
    public void Run(Func<Exception?>? flushError = null)
    {
        _schedule.Add(() =>
        {
            while (true)
            {
                Interleaver.WaitUntil(() => Transport.Output.IsFlushPending || _schedule.IsOneLeft);
                if (!Transport.Output.IsFlushPending)
                {
                    return;
                }

                Transport.Output.EndFlush(flushError?.Invoke());
            }
        });
        _schedule.Run();
    }

    /// <summary>After the schedule: ends a flush that was begun since.</summary>
    public void EndPendingFlush()
    {
        if (Transport.Output.IsFlushPending)
        {
            Transport.Output.EndFlush();
        }
    }

    /// <summary>Sends a message that tells its sender and number.</summary>
    public void Send(byte sender, byte number, QueueFullPolicy policy, string? key = null)
    {
        var payload = new byte[_schedule.Random.Next(2, 200)];
        payload.AsSpan().Fill((byte)((sender * 31) + number));
        (payload[0], payload[1]) = (sender, number);
        var frame = OutboundFrame.Rent(Opcode.Binary, payload);
        frame.AddReferences(1);
        _frames.Add(frame);
        var status = Wait(Connection.SendAsync(frame, policy, key, default, compress: null).AsTask());
        Messages.Add(new SentMessage(sender, number, payload, status));
    }

    /// <summary>Lets others run until a task has ended.</summary>
    public static T Wait<T>(Task<T> task)
    {
        Interleaver.WaitUntil(() => task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Cuts the connection. What was accepted went out, or is told to be lost, and nobody holds a frame of it.</summary>
    /// <param name="hasEndedBefore">An end came in between: what was just being written may be told as lost although it went out.</param>
    public void VerifyEnd(bool hasEndedBefore)
    {
        Connection.Abort();
        Interleaver.WaitUntil(() =>
        {
            EndPendingFlush();
            return Transport.Output.Completions > 0;
        });
        var missing = Messages.Count(message => message.Status == SendStatus.Queued) - Verify();
        var lost = Connection.Completion.GetAwaiter().GetResult().UnsentMessages;
        Assert.InRange(lost, missing, hasEndedBefore ? Messages.Count : missing);
        VerifyReferences();
    }

    /// <summary>What went out is whole, of each sender in order, was accepted, and has nothing behind a Close.</summary>
    /// <returns>How many messages went out.</returns>
    public int Verify()
    {
        var frames = SentFrames.Read(Transport.Output.Sent);
        var messages = frames.Where(frame => frame.Opcode == Opcode.Binary).Select(frame => frame.Payload).ToList();
        Assert.DoesNotContain(frames.SkipWhile(frame => frame.Opcode != Opcode.Close).Skip(1), _ => true);
        var next = new int[8];
        foreach (var payload in messages)
        {
            Assert.True(payload[1] >= next[payload[0]], "Out of order, or twice.");
            next[payload[0]] = payload[1] + 1;
            var sent = Messages.Single(message => message.Sender == payload[0] && message.Number == payload[1]);
            Assert.Equal(sent.Payload, payload);
            Assert.Equal(SendStatus.Queued, sent.Status);
        }

        return messages.Count;
    }

    /// <summary>Every frame has come back to who made it.</summary>
    public void VerifyReferences()
    {
        foreach (var frame in _frames)
        {
            Assert.Equal(1, Privates.References(frame));
            frame.Release();
        }
    }
}
