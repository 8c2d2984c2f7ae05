using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Nothing is lost without being counted: a broadcast to 1,000 connections on real sockets, some of which never read or are closing.</summary>
public class BroadcastAccountingTests
{
    private const int Clients = 1_000;
    private const int Stalled = 50;
    private const int Closing = 20;
    private const int MessageLength = 4 * 1024;
    private const int QueueLength = 64 * 1024;
    private const int SocketBuffer = 16 * 1024;

    [Fact]
    public async Task With_DropOldest_queued_is_what_arrived_and_what_is_counted_as_unsent()
    {
        await using var scene = await Scene.StartAsync(QueueFullPolicy.DropOldest);
        var queued = await scene.BroadcastUntilAsync(
            () => scene.StalledClients.All(client => client.Connection.Queue.WaitingBytes > QueueLength - MessageLength - 128), roundsAfter: 30);

        // Graceful: the Close goes behind what waits, and those who never read now read out what lies in their sockets and queues.
        scene.StartStalled();
        var closing = scene.Hub.CloseAsync(CloseCode.GoingAway);
        scene.AnswerCloses();
        await closing.Soon();
        var received = await scene.CountReceivedAsync();
        var unsent = scene.CountUnsent(scene.Everybody);
        Assert.Equal(queued, received + unsent);
        Assert.True(scene.CountUnsent(scene.StalledClients) > 0);
        Assert.All(scene.HealthyCounts, count => Assert.Equal(scene.Rounds, count));
    }

    [Fact]
    public async Task With_Disconnect_those_that_never_read_are_cut_and_nobody_else_misses_a_message()
    {
        await using var scene = await Scene.StartAsync(QueueFullPolicy.Disconnect);
        await scene.BroadcastUntilAsync(() => scene.StalledClients.All(client => client.Connection.Completion.IsCompleted), roundsAfter: 3);
        foreach (var client in scene.StalledClients)
        {
            Assert.Equal(CloseCause.SlowConsumer, (await client.Connection.Completion).Cause);
        }

        await Wait.Eventually(() => scene.Hub.Count == Clients - Stalled);

        scene.StartStalled();
        var closing = scene.Hub.CloseAsync(CloseCode.GoingAway);
        scene.AnswerCloses();
        await closing.Soon();
        await scene.CountReceivedAsync();
        Assert.All(scene.HealthyCounts, count => Assert.Equal(scene.Rounds, count));

        // A reset destroys what lay in the transport: at most one flush, the pipe's own limit and the socket's buffer.
        const int LostAtMost = ((2 * 64 * 1024) + (4 * SocketBuffer)) / MessageLength;
        foreach (var (client, received, accepted) in scene.StalledAccounts)
        {
            var known = received + (await client.Connection.Completion).UnsentMessages;
            Assert.InRange(known, accepted - LostAtMost, accepted);
        }
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly KestrelHost _host;
        private readonly List<Reader> _healthy = [];
        private readonly List<Reader> _stalled = [];
        private readonly List<Reader> _closing = [];
        private readonly Dictionary<HubClient, int> _accepted = [];

        private Scene(KestrelHost host) => _host = host;

        public WebSocketHub Hub => _host.Hub;

        public int Rounds { get; private set; }

        public HubClient[] Everybody { get; private set; } = [];

        public HubClient[] StalledClients { get; private set; } = [];

        public IEnumerable<int> HealthyCounts => _healthy.Select(reader => reader.Count);

        public IEnumerable<(HubClient Client, int Received, int Accepted)> StalledAccounts =>
            StalledClients.Select((client, i) => (client, _stalled[i].Count, _accepted[client]));

        public static async Task<Scene> StartAsync(QueueFullPolicy policy)
        {
            var host = await KestrelHost.StartAsync(
                app => app.MapWebSocketHub("/ws", options =>
                {
                    options.SendQueueMaxBytes = QueueLength;
                    options.WhenQueueFull = policy;
                    options.WriteTimeout = TimeSpan.Zero;
                    options.CloseTimeout = TimeSpan.FromMinutes(5);
                    options.PingInterval = TimeSpan.Zero;
                    options.ClientId = http => http.Request.Query["id"];
                }),
                builder =>
                {
                    builder.Services.AddWebSocketHub();

                    // Small buffers below us, so that a client that does not read is felt soon.
                    builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = static endpoint =>
                    {
                        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = SocketBuffer };
                        socket.Bind(endpoint);
                        return socket;
                    });
                });
            var scene = new Scene(host);
            await scene.ConnectAsync();
            return scene;
        }

        /// <summary>Broadcasts numbered messages until a condition holds and some rounds longer; returns how many were queued in all.</summary>
        public async Task<long> BroadcastUntilAsync(Func<bool> condition, int roundsAfter)
        {
            long queued = 0;
            var data = new byte[MessageLength];
            for (var left = roundsAfter; left > 0; left -= condition() ? 1 : 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(data, Rounds++);
                var open = StalledClients.Where(client => !client.Connection.IsClosed).ToList();
                var result = await Hub.BroadcastBinaryAsync(data);
                Assert.Equal(result.Targeted, result.Queued + result.Dropped + result.Closed);
                Assert.InRange(result.Closed, Closing, Closing + Stalled);
                queued += result.Queued;
                foreach (var client in open.Where(client => !client.Connection.IsClosed))
                {
                    _accepted[client] = _accepted.GetValueOrDefault(client) + 1;
                }

                Assert.All(StalledClients, client => Assert.InRange(client.Connection.Queue.WaitingBytes, 0, QueueLength));

                // The healthy ones are not to be outrun: each has read this round before the next begins.
                await Wait.Eventually(() => _healthy.TrueForAll(reader => reader.Count == Rounds), "every healthy client has read the round");
            }

            return queued;
        }

        public void StartStalled() => _stalled.ForEach(reader => reader.Start());

        public void AnswerCloses() => _closing.ForEach(reader => reader.Start());

        public async Task<long> CountReceivedAsync()
        {
            var readers = _healthy.Concat(_stalled).Concat(_closing).ToList();
            await Task.WhenAll(readers.Select(reader => reader.Ended)).Soon();
            return readers.Sum(reader => (long)reader.Count);
        }

        public long CountUnsent(IEnumerable<HubClient> clients) =>
            clients.Sum(client => (long)client.Connection.Completion.Result.UnsentMessages);

        public async ValueTask DisposeAsync()
        {
            foreach (var reader in _healthy.Concat(_stalled).Concat(_closing))
            {
                await reader.DisposeAsync();
            }

            await _host.DisposeAsync();
        }

        private async Task ConnectAsync()
        {
            for (var i = 0; i < Clients; i++)
            {
                var isStalled = i < Stalled;
                var stream = await _host.ConnectAsync(socket => socket.ReceiveBufferSize = isStalled ? 4 * 1024 : 64 * 1024);
                var (_, transport) = await RawHandshake.SendAsync(stream, RawHandshake.Request($"/ws?id={i}"));
                var reader = new Reader(new RawPeer(transport), stream);
                (isStalled ? _stalled : i < Stalled + Closing ? _closing : _healthy).Add(reader);
            }

            await Wait.Eventually(() => Hub.Count == Clients);
            Everybody = [.. Hub.Clients.OrderBy(client => int.Parse(client.Id, System.Globalization.CultureInfo.InvariantCulture))];
            StalledClients = Everybody[..Stalled];
            foreach (var client in Everybody.AsSpan(Stalled, Closing))
            {
                client.Connection.BeginClose(CloseCode.NormalClosure, string.Empty);
            }

            _healthy.ForEach(reader => reader.Start());
        }
    }

    /// <summary>Reads one client's messages once started, in order, and answers its Close.</summary>
    private sealed class Reader(RawPeer peer, Stream stream) : IAsyncDisposable
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task Ended { get; private set; } = Task.CompletedTask;

        public void Start() => Ended = ReadAsync();

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            try
            {
                await Ended;
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or TimeoutException)
            {
                // The test has failed before the reader had ended.
            }
        }

        private async Task ReadAsync()
        {
            var last = -1;
            try
            {
                while (await peer.ReadFrameAsync() is { } frame)
                {
                    if (frame.Opcode == RawFrame.CloseOpcode)
                    {
                        await peer.SendCloseAsync((int?)frame.CloseCode);
                        continue;
                    }

                    var number = BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                    Assert.True(number > last, $"{number} came after {last}.");
                    last = number;
                    Interlocked.Increment(ref _count);
                }
            }
            catch (Exception error) when (error is IOException or EndOfStreamException)
            {
                // Cut off.
            }
        }
    }
}
