namespace Waffle.WebSockets.Backplane;

/// <summary>What servers tell each other: not numbered, never waiting behind what is for members, and few at once.</summary>
internal sealed class ServerMessages(EnvelopeSender sender, Guid self, string prefix) : IDisposable
{
    // Questions and answers that an engine does not take must not pile up. Of the rest there are few.
    private const int MaxUnderWay = 256;

    private readonly CancellationTokenSource _end = new();
    private readonly string _all = ChannelScope.Servers.ToChannel(prefix);
    private int _underWay;

    /// <summary>Tells all servers.</summary>
    /// <returns>Whether the engine has taken it.</returns>
    public Task<bool> TellAllAsync(EnvelopeKind kind, Action<EnvelopeWriter>? writeBody = null) => TellAsync(_all, kind, writeBody);

    /// <summary>Tells one server.</summary>
    /// <returns>Whether the engine has taken it.</returns>
    public Task<bool> TellAsync(Guid server, EnvelopeKind kind, Action<EnvelopeWriter> writeBody) =>
        TellAsync(ChannelScope.OfServer(server).ToChannel(prefix), kind, writeBody);

    /// <summary>What is under way is given up.</summary>
    public void Dispose() => _end.Cancel();

    private async Task<bool> TellAsync(string channel, EnvelopeKind kind, Action<EnvelopeWriter>? writeBody)
    {
        try
        {
            var content = writeBody is null ? null : PublishedArray.Encode(writeBody);
            return (Interlocked.Increment(ref _underWay) <= MaxUnderWay || kind is not (EnvelopeKind.Question or EnvelopeKind.Answer))
                && await sender.TrySendAsync(new Outgoing(channel, default, new EnvelopeHeader(kind, self), null, content), _end.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
