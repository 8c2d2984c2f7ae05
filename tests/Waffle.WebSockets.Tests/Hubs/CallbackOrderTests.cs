using System.Collections.Concurrent;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Connections that end at any moment, in any way, while their callbacks run: by random schedules, with gates in the callbacks.</summary>
public sealed class CallbackOrderTests
{
    private const int Hubs = 10;
    private const int SchedulesOfOneHub = 500;

    private static readonly string[] _ends = ["peer's end", "peer's Close", "abort", "close"];

    [Fact]
    public async Task The_disconnect_callback_comes_once_after_the_connect_callback_and_the_client_is_nowhere_then()
    {
        var seed = Random.Shared.Next();
        for (var number = 0; number < Hubs; number++)
        {
            var schedules = new ConcurrentDictionary<string, Schedule>();
            await using var scene = new HubScene(new WebSocketHubOptions
            {
                OnConnected = (client, token) => schedules[client.Id].ConnectAsync(client, token),
                OnDisconnected = (client, disconnect) => schedules[client.Id].DisconnectAsync(client, disconnect),
            });
            for (var i = 0; i < SchedulesOfOneHub; i++)
            {
                var schedule = new Schedule(new Random(seed++));
                schedules[$"{i}"] = schedule;
                await schedule.RunAsync(scene, $"{i}");
                Assert.True(schedule.IsInOrder, $"Seed {seed - 1}: {string.Join(", ", schedule.Events)}");
            }

            Assert.Equal(0, scene.Hub.Count);
            Assert.Empty(scene.Hub.RoomNames);
        }
    }

    private sealed class Schedule(Random random)
    {
        private readonly ConcurrentQueue<string> _events = new();
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly bool _hasGate = random.Next(2) == 0;
        private readonly bool _joins = random.Next(2) == 0;
        private readonly bool _throws = random.Next(10) == 0;
        private readonly bool _isCalledOff = random.Next(4) == 0;
        private readonly string _end = _ends[random.Next(_ends.Length)];
        private readonly int[] _pauses = [.. Enumerable.Range(0, 5).Select(_ => random.Next(8))];

        public IEnumerable<string> Events => [.. _events, $"gate {_hasGate}, joins {_joins}, throws {_throws}, {_end}"];

        public bool IsInOrder => _events.SequenceEqual(["connecting", "connected", "gone"]) || _events.SequenceEqual(["connecting", "failed", "gone"]);

        public async Task RunAsync(HubScene scene, string id)
        {
            var pair = scene.CreatePair();
            var adding = Task.Run(async () =>
            {
                await PauseAsync(0);
                return await scene.Hub.AddAsync(pair.Server, id);
            });
            var ending = Task.Run(async () =>
            {
                await PauseAsync(1);
                await EndAsync(pair);
            });
            var opening = Task.Run(async () =>
            {
                await PauseAsync(2);
                _gate.SetResult();
            });
            await Task.WhenAll(ending, opening).Soon();
            await adding.ContinueWith(static _ => { }, TaskScheduler.Default).Soon();
            _ = adding.Exception;
            await Wait.Eventually(() => _events.Contains("gone"), "the disconnect callback");
        }

        public async Task ConnectAsync(HubClient client, CancellationToken token)
        {
            _events.Enqueue("connecting");
            try
            {
                if (_joins)
                {
                    await client.JoinAsync("room", CancellationToken.None);
                }

                await PauseAsync(3);
                if (_hasGate)
                {
                    await _gate.Task.WaitAsync(_isCalledOff ? token : CancellationToken.None);
                }

                if (_throws)
                {
                    throw new InvalidOperationException("No.");
                }

                _events.Enqueue("connected");
            }
            catch (Exception)
            {
                _events.Enqueue("failed");
                throw;
            }
        }

        public async Task DisconnectAsync(HubClient client, HubDisconnect disconnect)
        {
            var isNowhere = !client.IsIn("room") && !client.Hub.Clients.Contains(client) && !client.Hub.Room("room").Members.Contains(client);
            var isTold = disconnect.RoomNames.Count == 0 || (_joins && disconnect.RoomNames.Single() == "room");
            await PauseAsync(4);
            _events.Enqueue(isNowhere && isTold ? "gone" : "still there");
        }

        private async Task EndAsync(ConnectionPair pair)
        {
            switch (_end)
            {
                case "peer's end":
                    await pair.Client.EndAsync();
                    break;
                case "peer's Close":
                    await pair.Client.SendCloseAsync();
                    break;
                case "abort":
                    pair.Server.Abort();
                    break;
                default:
                    _ = pair.Server.CloseAsync();
                    await pair.Client.SendCloseAsync();
                    break;
            }
        }

        private async Task PauseAsync(int which)
        {
            for (var i = 0; i < _pauses[which]; i++)
            {
                await Task.Yield();
            }
        }
    }
}
