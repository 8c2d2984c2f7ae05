using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>All connections of a run, and the one thread's turn of events.</summary>
internal sealed class Crowd : IDisposable
{
    private const int OpeningAtOnce = 64;
    private const int SmallReceiveBuffer = 4096;

    private static readonly long _patience = Clock.ToNanoseconds(20);

    private readonly EventLoop _loop = new();
    private readonly Endpoint _endpoint;
    private readonly IClientEvents _events;
    private readonly ClientReader _reader;
    private readonly Client[] _clients;
    private int _started;

    /// <param name="count">How many connections there may be.</param>
    /// <param name="endpoint">The server's.</param>
    /// <param name="events">The run's.</param>
    public Crowd(int count, Endpoint endpoint, IClientEvents events)
    {
        (_endpoint, _events) = (endpoint, events);
        _clients = [.. Enumerable.Range(0, count).Select(number => new Client(number))];
        Writer = new ClientWriter(_loop);
        Protocol = new ClientProtocol(endpoint.Peer.Dialect, endpoint.ConversationOf, Writer, events);
        _reader = new ClientReader(Protocol);
    }

    public IReadOnlyList<Client> Clients => _clients;

    public ClientWriter Writer { get; }

    public ClientProtocol Protocol { get; }

    /// <summary>How many are open now.</summary>
    public int OpenCount => _clients.Count(client => client.State == ClientState.Open);

    /// <summary>Opens connections until there are so many.</summary>
    public void OpenUpTo(int count)
    {
        var (open, since) = (OpenCount, Clock.Now);
        while (open < count)
        {
            while (_started < count && _started - open < OpeningAtOnce)
            {
                Start(_clients[_started++]);
            }

            Poll(milliseconds: 100);
            var now = OpenCount;
            if (now != open)
            {
                (open, since) = (now, Clock.Now);
            }
            else if (Clock.Now - since > _patience)
            {
                throw new RunFailedException($"Only {open} of {count} connections opened.");
            }
        }
    }

    /// <summary>Begins to connect.</summary>
    public void Start(Client client)
    {
        client.Descriptor = ClientSocket.Connect(_endpoint.PortOf(client), _endpoint.NextSource(client), client.IsStalled ? SmallReceiveBuffer : 0);
        client.State = ClientState.Connecting;
        client.Started = Clock.Now;
        client.Watched = SocketEvents.Readable | SocketEvents.Writable;
        _loop.Add(client.Descriptor, client.Number, client.Watched);
    }

    /// <summary>Has a client that read nothing read from now on.</summary>
    public void Resume(Client client)
    {
        client.IsStalled = false;
        if (client.State == ClientState.Open)
        {
            Writer.Watch(client, SocketEvents.Readable);
        }
    }

    /// <summary>Handles the events that there are, or that come within a time.</summary>
    public void Poll(int milliseconds)
    {
        var count = _loop.Wait(milliseconds);
        for (var i = 0; i < count; i++)
        {
            var (number, events) = _loop.GetEvent(i);
            Handle(_clients[number], events);
        }

        Writer.FlushDue();
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            if (client.State != ClientState.Closed)
            {
                LinuxCalls.Close(client.Descriptor);
            }
        }

        _loop.Dispose();
    }

    private void Handle(Client client, SocketEvents events)
    {
        if (client.State == ClientState.Connecting)
        {
            FinishConnecting(client);
            return;
        }

        if (events.HasFlag(SocketEvents.Writable))
        {
            Writer.Flush(client);
        }

        if ((events & ~SocketEvents.Writable) == SocketEvents.None)
        {
            return;
        }

        var end = client is { IsStalled: true, State: ClientState.Open } ? "the server ended it" : _reader.Receive(client);
        if (end is not null)
        {
            End(client, end);
        }
        else if (client.Unsent.Length > 0 && !client.Watched.HasFlag(SocketEvents.Writable))
        {
            Writer.Flush(client);
        }

        // From now on only its end is told.
        if (client is { IsStalled: true, State: ClientState.Open })
        {
            Writer.Watch(client, SocketEvents.None);
        }
    }

    private void FinishConnecting(Client client)
    {
        var error = ClientSocket.TakeError(client.Descriptor);
        if (error != 0)
        {
            End(client, LinuxError.Describe(error));
            return;
        }

        Protocol.RequestUpgrade(client, _endpoint.PortOf(client), _endpoint.PathOf(client));
        Writer.Flush(client);
    }

    private void End(Client client, string reason)
    {
        var wasAskedFor = reason.Length == 0 || client.State == ClientState.Closing;
        LinuxCalls.Close(client.Descriptor);
        client.Reset();
        _events.OnEnd(client, wasAskedFor ? null : reason);
    }
}
