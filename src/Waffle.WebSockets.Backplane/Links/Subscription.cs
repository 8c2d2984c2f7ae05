namespace Waffle.WebSockets.Backplane;

/// <summary>One channel that is, or is to be, subscribed to. Guarded by the lock of all subscriptions, but for what is heard.</summary>
internal sealed class Subscription(ChannelScope scope, string channel)
{
    private long _confirmedAt;

    public ChannelScope Scope => scope;

    public string Channel => channel;

    /// <summary>What was heard in it. Guarded by itself.</summary>
    public ReceivedSequences Received { get; } = new();

    /// <summary>Held while a message is delivered: one at a time.</summary>
    public Lock Delivery { get; } = new();

    /// <summary>When the engine confirmed; before that, zero. Read without the lock.</summary>
    public long ConfirmedAt
    {
        get => Volatile.Read(ref _confirmedAt);
        private set => Volatile.Write(ref _confirmedAt, value);
    }

    /// <summary>Whether the engine was asked since the last outage, and has confirmed.</summary>
    public bool IsConfirmed => ConfirmedAt != 0;

    /// <summary>The subscription has ended by itself since the engine was asked last.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether the engine was asked at all, so that it has to be told when the channel is not wanted any more.</summary>
    public bool MayBeSubscribed { get; set; }

    /// <summary>Somebody has gone on without the confirmation: what came before it is missing.</summary>
    public bool IsAwaitedNoMore { get; set; }

    /// <summary>Whether it is being brought in line with what is wanted.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>What was done last to bring it in line; the next waits for it, so that the engine is asked for one thing at a time.</summary>
    public Task LastWork { get; set; } = Task.CompletedTask;

    /// <summary>Completes with the confirmation, or when the channel is not wanted any more.</summary>
    public TaskCompletionSource Confirmation { get; private set; } = CreateConfirmation();

    /// <summary>Whether what the engine knows is what is wanted.</summary>
    public bool IsInLine(bool isWanted) => isWanted ? IsConfirmed : !MayBeSubscribed;

    /// <summary>The engine is about to be asked.</summary>
    public void BeginChange(bool isWanted)
    {
        if (!isWanted)
        {
            // Who joins from now on has to wait for the next confirmation. Who had waited before is gone.
            Unconfirm();
            IsAwaitedNoMore = false;
        }

        IsLost = false;
        MayBeSubscribed = true;
    }

    /// <summary>The engine has confirmed.</summary>
    /// <returns>Whether somebody had gone on without that.</returns>
    /// <exception cref="BackplaneException">The subscription has ended meanwhile.</exception>
    public bool Confirm(long now)
    {
        if (IsLost)
        {
            throw new BackplaneException("The subscription ended while it was being confirmed.");
        }

        ConfirmedAt = Math.Max(1, now);
        Confirmation.TrySetResult();
        var isLate = IsAwaitedNoMore;
        IsAwaitedNoMore = false;
        return isLate;
    }

    /// <summary>The subscription has ended by itself, maybe while the engine was asked: it may confirm what it has ended.</summary>
    public void Lose()
    {
        IsLost = true;
        IsAwaitedNoMore = true;
        Unconfirm();
    }

    /// <summary>The engine has to be asked again.</summary>
    public void Unconfirm()
    {
        if (IsConfirmed)
        {
            ConfirmedAt = 0;
            Confirmation = CreateConfirmation();
        }
    }

    private static TaskCompletionSource CreateConfirmation() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
