using Waffle.WebSockets.Bench.Load.Generator.Frames;
using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>Sends what is queued for clients: all that gathered in one batch of events by one call.</summary>
internal sealed class ClientWriter(EventLoop loop)
{
    private readonly MaskingKeys _keys = new();
    private readonly List<Client> _due = [];

    /// <summary>Queues a frame whose payload is three parts.</summary>
    public void Queue(Client client, FrameKind kind, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body, ReadOnlySpan<byte> suffix)
    {
        var frame = Append(client, ClientFrame.LengthFor(prefix.Length + body.Length + suffix.Length));
        ClientFrame.Write(frame, kind, prefix, body, suffix, _keys.Next());
    }

    public void Queue(Client client, FrameKind kind, ReadOnlySpan<byte> payload) => Queue(client, kind, payload, default, default);

    /// <summary>Queues bytes that are no frame.</summary>
    public void Queue(Client client, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(client, bytes.Length));

    /// <summary>Sends what the kernel takes, and has the event loop tell when it takes more.</summary>
    public void Flush(Client client)
    {
        while (client.Unsent.Length > 0)
        {
            var sent = ClientSocket.Send(client.Descriptor, client.Unsent.Bytes);
            if (sent < 0)
            {
                if (LinuxError.Last != LinuxError.TryAgain)
                {
                    client.Unsent.Clear(); // The connection has failed, which the reader will notice.
                }

                break;
            }

            client.Unsent.Drop(sent);
        }

        var writable = client.Unsent.Length > 0 ? SocketEvents.Writable : SocketEvents.None;
        Watch(client, (client.Watched & ~SocketEvents.Writable) | writable);
    }

    /// <summary>Flushes the clients for which something was queued, unless the event loop will tell when that can be done.</summary>
    public void FlushDue()
    {
        foreach (var client in _due)
        {
            client.IsDue = false;
            if (client.State != ClientState.Closed && !client.Watched.HasFlag(SocketEvents.Writable))
            {
                Flush(client);
            }
        }

        _due.Clear();
    }

    public void Watch(Client client, SocketEvents events)
    {
        if (client.Watched != events)
        {
            client.Watched = events;
            loop.Modify(client.Descriptor, client.Number, events);
        }
    }

    private Span<byte> Append(Client client, int length)
    {
        if (!client.IsDue)
        {
            client.IsDue = true;
            _due.Add(client);
        }

        return client.Unsent.Append(length);
    }
}
