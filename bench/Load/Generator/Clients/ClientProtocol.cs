using System.Buffers.Binary;
using System.Text;
using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Generator.Frames;
using Waffle.WebSockets.Bench.Load.Generator.Handshake;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>What clients answer by themselves: the handshake, the dialect's start and its small talk, pings, the close.</summary>
/// <param name="dialect">The server's.</param>
/// <param name="conversationOf">What each connection is for.</param>
/// <param name="writer">Where answers go.</param>
/// <param name="events">Who gets the messages.</param>
internal sealed class ClientProtocol(Dialect dialect, Func<Client, Conversation> conversationOf, ClientWriter writer, IClientEvents events)
{
    private const int MostToShow = 100;

    private static readonly byte[] _normalClosure = [1000 >> 8, 1000 & 0xff];

    private readonly FrameKind _kind = dialect.IsBinary ? FrameKind.Binary : FrameKind.Text;
    private readonly MessageInflater _inflater = new();

    public void RequestUpgrade(Client client, int port, string path)
    {
        client.Key = UpgradeRequest.CreateKey();
        client.State = ClientState.Upgrading;
        writer.Queue(client, UpgradeRequest.Create(port, path, client.Key, conversationOf(client).Deflate));
    }

    /// <summary>Takes the answer to the upgrade request; returns its length, 0 if it is not complete yet.</summary>
    public int TakeUpgrade(Client client, ReadOnlySpan<byte> received)
    {
        var conversation = conversationOf(client);
        var length = UpgradeResponse.Take(received, client.Key, conversation.Deflate);
        if (length > 0)
        {
            client.State = ClientState.Greeting;
            foreach (var message in dialect.Hello(conversation))
            {
                writer.Queue(client, _kind, message);
            }

            if (!dialect.AwaitsReady)
            {
                Open(client);
            }
        }

        return length;
    }

    public void TakeMessage(Client client, bool isCompressed, ReadOnlySpan<byte> message, long now)
    {
        if (isCompressed)
        {
            message = _inflater.Inflate(message);
        }

        if (client.State == ClientState.Open)
        {
            events.OnMessage(client, message, now);
        }
        else if (client.State == ClientState.Greeting)
        {
            if (dialect.IsReady(message))
            {
                Open(client);
            }
            else
            {
                TakeSmallTalk(client, message);
            }
        }
    }

    /// <summary>Takes a message without a payload.</summary>
    public void TakeSmallTalk(Client client, ReadOnlySpan<byte> message)
    {
        if (!dialect.TryAnswer(message, out var answer))
        {
            var start = message[..Math.Min(message.Length, MostToShow)];
            throw new RunFailedException($"The server sent what nobody asked for: {Encoding.UTF8.GetString(start)}");
        }

        if (answer.Length > 0)
        {
            writer.Queue(client, _kind, answer.Span);
        }
    }

    /// <summary>Takes a control frame; returns why the connection is over, or null. Empty: as was asked for.</summary>
    public string? TakeControl(Client client, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Ping:
                writer.Queue(client, FrameKind.Pong, payload);
                return null;
            case FrameKind.Close when client.State == ClientState.Closing:
                return "";
            case FrameKind.Close:
                return payload.Length < 2
                    ? "the server closed it"
                    : $"the server closed it with {BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload[2..])}";
            default:
                return null;
        }
    }

    /// <summary>Begins the closing handshake.</summary>
    public void Close(Client client)
    {
        client.State = ClientState.Closing;
        writer.Queue(client, FrameKind.Close, _normalClosure);
    }

    private void Open(Client client)
    {
        client.State = ClientState.Open;
        events.OnOpen(client);
    }
}
