using System.Collections.Concurrent;

namespace Waffle.WebSockets.Backplane;

/// <summary>Brings what is subscribed to in line with what is wanted: each channel is looked at until nothing is left to do.</summary>
/// <remarks>
/// What is wanted is not counted but asked for, each time anew: joins and leaves in any order, and outages between them, end in the right state. While
/// the engine is away nothing is tried; afterwards everything is, once more.
/// </remarks>
internal sealed class Subscriptions(IBackplane backplane, ISubscriptionOwner owner, string prefix, TimeProvider time, TimeSpan retryPause) : IDisposable
{
    private const int Window = 64;

    private readonly Lock _tableLock = new();
    private readonly ConcurrentDictionary<string, Subscription> _byChannel = new(StringComparer.Ordinal);
    private readonly Dictionary<ChannelScope, Subscription> _byScope = [];
    private readonly SemaphoreSlim _window = new(Window);

    // Never disposed of: it has no timer, and what was given up may still look at it.
    private volatile CancellationTokenSource _attempts = new();
    private volatile bool _isHeld = true;
    private bool _isDisposed;

    /// <summary>What is subscribed to, or about to be.</summary>
    public IReadOnlyList<ChannelScope> Scopes
    {
        get
        {
            lock (_tableLock)
            {
                return [.. _byScope.Keys];
            }
        }
    }

    public Subscription? Find(string channel) => _byChannel.GetValueOrDefault(channel);

    /// <summary>Looks whether a channel is wanted, and does what follows from it.</summary>
    /// <returns>Completes when the engine has confirmed that it is subscribed to, or when it is not wanted any more.</returns>
    public Task Check(ChannelScope scope)
    {
        lock (_tableLock)
        {
            if (_isDisposed)
            {
                return Task.CompletedTask;
            }

            if (!_byScope.TryGetValue(scope, out var subscription))
            {
                if (!owner.IsWanted(scope))
                {
                    return Task.CompletedTask;
                }

                subscription = new Subscription(scope, scope.ToChannel(prefix));
                _byScope.Add(scope, subscription);
                _byChannel[subscription.Channel] = subscription;
            }

            var confirmation = subscription.Confirmation.Task;
            if (_isHeld)
            {
                RemoveIfUnneeded(subscription);
            }
            else if (!subscription.IsUnderWay && !subscription.IsInLine(owner.IsWanted(scope)))
            {
                subscription.IsUnderWay = true;
                var (last, attempt) = (subscription.LastWork, _attempts);

                // Never here: the caller may hold a lock.
                subscription.LastWork = Task.Run(() => BringInLineAsync(subscription, last, attempt), CancellationToken.None);
            }

            return confirmation;
        }
    }

    /// <summary>Somebody goes on without the confirmation of a channel: when it comes, that is told.</summary>
    public void WaitNoMore(ChannelScope scope)
    {
        lock (_tableLock)
        {
            if (_byScope.TryGetValue(scope, out var subscription) && !subscription.IsConfirmed)
            {
                subscription.IsAwaitedNoMore = true;
            }
        }
    }

    /// <summary>The engine, or its driver, has ended a subscription by itself: it is asked for again, and when it is confirmed, that is told.</summary>
    public void OnLost(string channel)
    {
        ChannelScope scope;
        lock (_tableLock)
        {
            if (Find(channel) is not { } subscription)
            {
                return;
            }

            subscription.Lose();
            scope = subscription.Scope;
        }

        _ = Check(scope);
    }

    /// <summary>The engine is away: what is under way is given up, and nothing is tried.</summary>
    public void Hold()
    {
        CancellationTokenSource attempts;
        lock (_tableLock)
        {
            _isHeld = true;
            attempts = _attempts;
            foreach (var subscription in _byScope.Values)
            {
                subscription.IsUnderWay = false;
                RemoveIfUnneeded(subscription);
            }
        }

        attempts.Cancel();
    }

    /// <summary>The engine is there: it is asked for everything that is wanted, once more.</summary>
    /// <returns>What is asked for, each with a task that completes when it is confirmed.</returns>
    public IReadOnlyDictionary<ChannelScope, Task> Renew()
    {
        ChannelScope[] all;
        CancellationTokenSource attempts;
        lock (_tableLock)
        {
            if (_isDisposed)
            {
                throw new OperationCanceledException();
            }

            (attempts, _attempts) = (_attempts, new CancellationTokenSource());
            _isHeld = false;
            all = [.. _byScope.Keys];
            foreach (var subscription in _byScope.Values)
            {
                // What still runs is given up, and may begin anew.
                subscription.Unconfirm();
                subscription.IsUnderWay = false;
            }
        }

        attempts.Cancel();
        return all.ToDictionary(static scope => scope, Check);
    }

    /// <summary>Forgets how far a server that is gone had counted.</summary>
    public void Forget(Guid server)
    {
        foreach (var (_, subscription) in _byChannel)
        {
            lock (subscription.Received)
            {
                subscription.Received.Remove(server);
            }
        }
    }

    public void Dispose()
    {
        lock (_tableLock)
        {
            _isDisposed = true;
        }

        Hold();
    }

    private bool IsOver(CancellationTokenSource attempt) => _isHeld || attempt != _attempts;

    private async Task BringInLineAsync(Subscription subscription, Task last, CancellationTokenSource attempt)
    {
        await last;
        while (!IsOver(attempt))
        {
            try
            {
                if (!await TryStepAsync(subscription, attempt))
                {
                    return;
                }
            }
            catch (Exception)
            {
                // Such as no memory, or a log that throws.
                await Task.Delay(retryPause, time, CancellationToken.None);
            }
        }
    }

    // False: it is in line, or given up.
    private async Task<bool> TryStepAsync(Subscription subscription, CancellationTokenSource attempt)
    {
        try
        {
            if (subscription.IsLost)
            {
                // An engine that confirms and ends at once, as one that forbids it, must not be asked without a pause.
                await Task.Delay(retryPause, time, attempt.Token);
            }

            // What servers need to find each other waits behind nothing.
            if (subscription.Scope.Kind is ScopeKind.Servers or ScopeKind.Server)
            {
                return await TryChangeAsync(subscription, attempt);
            }

            await _window.WaitAsync(attempt.Token);
            try
            {
                return await TryChangeAsync(subscription, attempt);
            }
            finally
            {
                _window.Release();
            }
        }
        catch (OperationCanceledException) when (IsOver(attempt))
        {
            // Renew begins anew.
            return false;
        }
        catch (Exception error)
        {
            owner.OnSubscriptionFailed(subscription.Scope, error);
            await Task.Delay(retryPause, time, attempt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return !IsOver(attempt);
        }
    }

    private async Task<bool> TryChangeAsync(Subscription subscription, CancellationTokenSource attempt)
    {
        if (!TryBegin(subscription, attempt, out var isWanted))
        {
            return false;
        }

        if (!isWanted)
        {
            await backplane.UnsubscribeAsync(subscription.Channel, attempt.Token);
            OnUnsubscribed(subscription, attempt);
            return true;
        }

        await backplane.SubscribeAsync(subscription.Channel, attempt.Token);
        if (OnSubscribed(subscription, attempt))
        {
            owner.OnConfirmedLate(subscription.Scope);
        }

        return true;
    }

    // False: it is in line, or given up.
    private bool TryBegin(Subscription subscription, CancellationTokenSource attempt, out bool isWanted)
    {
        lock (_tableLock)
        {
            isWanted = owner.IsWanted(subscription.Scope);
            if (IsOver(attempt))
            {
                return false;
            }

            if (subscription.IsInLine(isWanted))
            {
                subscription.IsUnderWay = false;
                RemoveIfUnneeded(subscription);
                return false;
            }

            subscription.BeginChange(isWanted);
            return true;
        }
    }

    // Under the lock: nobody wants it, and the engine knows nothing of it.
    private void RemoveIfUnneeded(Subscription subscription)
    {
        if (!subscription.MayBeSubscribed && !owner.IsWanted(subscription.Scope))
        {
            _byScope.Remove(subscription.Scope);
            _byChannel.TryRemove(subscription.Channel, out _);
            subscription.Confirmation.TrySetResult();
        }
    }

    private void OnUnsubscribed(Subscription subscription, CancellationTokenSource attempt)
    {
        lock (_tableLock)
        {
            ThrowIfOver(attempt);
            subscription.MayBeSubscribed = false;
        }

        lock (subscription.Received)
        {
            // What is heard before a pause says nothing about what comes after it.
            subscription.Received.Clear();
        }
    }

    // Whether it comes late.
    private bool OnSubscribed(Subscription subscription, CancellationTokenSource attempt)
    {
        lock (_tableLock)
        {
            ThrowIfOver(attempt);
            return subscription.Confirm(time.GetTimestamp());
        }
    }

    private void ThrowIfOver(CancellationTokenSource attempt)
    {
        if (IsOver(attempt))
        {
            throw new OperationCanceledException();
        }
    }
}
