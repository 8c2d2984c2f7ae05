using System.Collections.Concurrent;
using CsCheck;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Joins, leaves, outages, lost subscriptions and an engine that answers late, refuses or breaks off, in any order.</summary>
public sealed class SubscriptionScheduleTests
{
    private enum Step
    {
        Join,
        Leave,
        Hold,
        Renew,
        Lose,
        Answer,
        Refuse,
        Wait,
    }

    [Fact]
    public async Task Whatever_happens_the_engine_is_asked_for_one_thing_at_a_time_and_in_the_end_knows_what_is_wanted() =>
        await Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2]).Array[1, 60].SampleAsync(
            async steps =>
            {
                using var scene = new Scene();
                scene.Subscriptions.Renew();
                foreach (var (step, room) in steps)
                {
                    await scene.TakeAsync(step, room);
                }

                await scene.EndAsync();
            },
            iter: 1_000);

    private sealed class Scene : IBackplane, ISubscriptionOwner, IDisposable
    {
        private const int Rooms = 3;

        private readonly ConcurrentDictionary<ChannelScope, bool> _wanted = new();
        private readonly ConcurrentDictionary<string, bool> _known = new();
        private readonly ConcurrentDictionary<string, Request> _requests = new();
        private readonly List<(ChannelScope Scope, Task Confirmed)> _joins = [];
        private volatile bool _isAnsweredAtOnce;
        private int _overlaps;

        public Scene() => Subscriptions = new Subscriptions(this, this, "p", TimeProvider.System, retryPause: TimeSpan.Zero);

        public Subscriptions Subscriptions { get; }

        public async Task TakeAsync(Step step, int room)
        {
            var scope = new ChannelScope(ScopeKind.Room, $"{room}");
            switch (step)
            {
                case Step.Join:
                    _wanted[scope] = true;
                    _joins.Add((scope, Subscriptions.Check(scope)));
                    break;
                case Step.Leave:
                    _wanted.TryRemove(scope, out _);
                    _joins.RemoveAll(join => join.Scope == scope);
                    _ = Subscriptions.Check(scope);
                    break;
                case Step.Hold:
                    Subscriptions.Hold();
                    break;
                case Step.Renew:
                    // As after an outage: the engine has forgotten all.
                    Subscriptions.Hold();
                    _known.Clear();
                    _joins.Clear();
                    Subscriptions.Renew();
                    break;
                case Step.Lose:
                    _known.TryRemove(scope.ToChannel("p"), out _);
                    _joins.RemoveAll(join => join.Scope == scope);
                    Subscriptions.OnLost(scope.ToChannel("p"));
                    break;
                case Step.Answer:
                    Answer(scope, isRefused: false);
                    break;
                case Step.Refuse:
                    Answer(scope, isRefused: true);
                    break;
                default:
                    // Otherwise most answers would come before anybody has asked.
                    await Wait.Eventually(() => !IsUnderWay(scope) || _requests.ContainsKey(scope.ToChannel("p")), "the engine is asked");
                    break;
            }

            Assert.All(_joins, join => Assert.True(!join.Confirmed.IsCompleted || _known.ContainsKey(join.Scope.ToChannel("p"))));
        }

        public async Task EndAsync()
        {
            _isAnsweredAtOnce = true;
            Subscriptions.Hold();
            Subscriptions.Renew();
            foreach (var room in Enumerable.Range(0, Rooms))
            {
                Answer(new ChannelScope(ScopeKind.Room, $"{room}"), isRefused: false);
            }

            await Wait.Eventually(
                () => Names(Subscriptions.Scopes).SequenceEqual(Names(_wanted.Keys))
                    && _known.Keys.Order().SequenceEqual(_wanted.Keys.Select(static scope => scope.ToChannel("p")).Order())
                    && _requests.IsEmpty,
                "the engine knows what is wanted");
            await Task.WhenAll(_wanted.Keys.Select(Subscriptions.Check)).Soon();
            Assert.Equal(0, Volatile.Read(ref _overlaps));
        }

        public ValueTask SubscribeAsync(string channel, CancellationToken cancellationToken) => AskAsync(channel, isWanted: true, cancellationToken);

        public ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken) => AskAsync(channel, isWanted: false, cancellationToken);

        public bool IsWanted(ChannelScope scope) => _wanted.ContainsKey(scope);

        public void OnSubscriptionFailed(ChannelScope scope, Exception error) => Assert.IsType<BackplaneException>(error);

        public void OnConfirmedLate(ChannelScope scope)
        {
        }

        public ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken) => default;

        public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;

        public void Dispose() => Subscriptions.Dispose();

        private bool IsUnderWay(ChannelScope scope) => Subscriptions.Find(scope.ToChannel("p")) is { IsUnderWay: true };

        private static IEnumerable<string> Names(IEnumerable<ChannelScope> scopes) => scopes.Select(static scope => scope.Name).Order();

        private async ValueTask AskAsync(string channel, bool isWanted, CancellationToken cancellationToken)
        {
            var request = new Request(isWanted);
            if (!_requests.TryAdd(channel, request))
            {
                // Told at the end: who asks takes any exception for the engine's.
                Interlocked.Increment(ref _overlaps);
                throw new BackplaneException("One thing at a time.");
            }

            if (_isAnsweredAtOnce)
            {
                Answer(channel, isRefused: false);
            }

            try
            {
                // As a driver that can't take back what it has sent: cancelled, it still waits for the answer.
                await request.Answered.Task;
                cancellationToken.ThrowIfCancellationRequested();
            }
            finally
            {
                _requests.TryRemove(channel, out _);
            }
        }

        private void Answer(ChannelScope scope, bool isRefused) => Answer(scope.ToChannel("p"), isRefused);

        private void Answer(string channel, bool isRefused)
        {
            if (!_requests.TryGetValue(channel, out var request) || !request.TryTake())
            {
                return;
            }

            if (isRefused)
            {
                request.Answered.SetException(new BackplaneException("No."));
                return;
            }

            if (request.IsWanted)
            {
                _known[channel] = true;
            }
            else
            {
                _known.TryRemove(channel, out _);
            }

            request.Answered.SetResult();
        }

        private sealed class Request(bool isWanted)
        {
            private int _isTaken;

            public bool IsWanted => isWanted;

            public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;
        }
    }
}
