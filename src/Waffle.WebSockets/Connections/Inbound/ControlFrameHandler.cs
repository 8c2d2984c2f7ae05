using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>Pings and pongs, both ways (RFC 6455 5.5.2, 5.5.3). What comes in is called by the read loop alone.</summary>
internal sealed class ControlFrameHandler(PendingPings pings, OutboundQueue queue, ConnectionWriter writer, TimeProvider time)
{
    private ControlFrameRate _rate = new(time);

    /// <summary>Answers a ping; <see langword="false"/> if the peer sends too many control frames.</summary>
    public bool OnPing(ReadOnlySpan<byte> payload)
    {
        if (!_rate.TryTake())
        {
            return false;
        }

        if (queue.EnqueuePong(OutboundFrame.Rent(Opcode.Pong, payload)))
        {
            writer.Run();
        }

        return true;
    }

    /// <summary>Matches a pong with our pings; <see langword="false"/> if the peer sends too many that answer none.</summary>
    public bool OnPong(ReadOnlySpan<byte> payload) => pings.Answer(payload) || _rate.TryTake();

    /// <summary>Sends a ping whose payload was noted. Safe to call from any thread.</summary>
    public void SendPing(ReadOnlySpan<byte> payload)
    {
        if (queue.EnqueuePing(OutboundFrame.Rent(Opcode.Ping, payload)))
        {
            writer.Run();
        }
    }
}
