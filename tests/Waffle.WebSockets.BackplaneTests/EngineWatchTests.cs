using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class EngineWatchTests
{
    private enum Step
    {
        Connect,
        Disconnect,
        Echo,
        Tick,
        ConfirmAll,
    }

    // Whatever came before, in whatever order: with an engine that answers, it ends There, and what the owner was told last is that.
    [Fact]
    public async Task After_any_schedule_an_engine_that_answers_is_there() =>
        await Gen.Enum<Step>().Array[0, 40].SampleAsync(
            async steps =>
            {
                using var scene = new Scene();
                foreach (var step in steps)
                {
                    await scene.TakeAsync(step);
                }

                scene.Answers = true;
                await scene.TakeAsync(Step.Connect);
                await Wait.Eventually(async () =>
                {
                    await scene.TakeAsync(Step.ConfirmAll);
                    await scene.TakeAsync(Step.Tick);
                    return scene.Watch.State == EngineState.There;
                });
                Assert.False(scene.IsHeld);
            },
            iter: 300);

    [Fact]
    public async Task An_engine_from_which_nothing_comes_back_is_away_after_two_intervals()
    {
        using var scene = new Scene { Answers = true };
        await scene.ComeAsync();
        scene.Answers = false;
        await scene.TakeAsync(Step.Tick);
        await scene.TakeAsync(Step.Tick);
        await scene.TakeAsync(Step.Tick);
        await Wait.Eventually(() => scene.IsHeld);
    }

    [Fact]
    public async Task Many_servers_that_come_at_once_are_not_each_answered()
    {
        using var scene = new Scene { Answers = true };
        await scene.ComeAsync();
        var before = scene.Sent;
        for (var i = 0; i < 1_000; i++)
        {
            scene.Watch.OnServerCame();
        }

        var ticks = scene.Ticks;
        await scene.TakeAsync(Step.Tick);
        await Wait.Eventually(() => scene.Ticks > ticks);
        Assert.InRange(scene.Sent - before, 2, 20);
    }

    private sealed class Scene : IEngineWatchOwner, IDisposable
    {
        private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

        private readonly FakeTimeProvider _time = new();
        private readonly ConcurrentQueue<TaskCompletionSource> _renewals = new();
        private long _sent;

        public Scene() => Watch = new EngineWatch(this, _interval, _time);

        public EngineWatch Watch { get; }

        /// <summary>Whether heartbeats come back.</summary>
        public volatile bool Answers;

        public volatile bool IsHeld = true;

        public volatile int Ticks;

        public long Sent => Interlocked.Read(ref _sent);

        public async Task TakeAsync(Step step)
        {
            switch (step)
            {
                case Step.Connect:
                    Watch.OnConnected();
                    break;
                case Step.Disconnect:
                    Watch.OnDisconnected();
                    break;
                case Step.Echo:
                    Watch.OnEcho(Sent);
                    break;
                case Step.Tick:
                    _time.Advance(_interval);
                    break;
                default:
                    while (_renewals.TryDequeue(out var renewal))
                    {
                        renewal.TrySetResult();
                    }

                    break;
            }

            await Task.Yield();
        }

        public async Task ComeAsync()
        {
            await TakeAsync(Step.Connect);
            await Wait.Eventually(async () =>
            {
                await TakeAsync(Step.ConfirmAll);
                return Watch.State == EngineState.There;
            });
        }

        public void SendHeartbeat(long number)
        {
            Interlocked.Exchange(ref _sent, number);
            if (Answers)
            {
                Watch.OnEcho(number);
            }
        }

        public async Task<IReadOnlyList<ChannelScope>> RenewAsync(CancellationToken cancellationToken)
        {
            var renewal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _renewals.Enqueue(renewal);
            await renewal.Task.WaitAsync(cancellationToken);
            return [ChannelScope.Hub];
        }

        public void OnAway() => IsHeld = true;

        public void OnThere(IReadOnlyList<ChannelScope> renewed, bool wasAway) => IsHeld = false;

        public void OnWatchFailed(Exception error) => throw new InvalidOperationException("The watch has failed.", error);

        public void OnTick() => Interlocked.Increment(ref Ticks);

        public void Dispose() => Watch.Dispose();
    }
}
