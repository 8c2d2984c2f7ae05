using System.Collections.Concurrent;

namespace Waffle.WebSockets.Backplane;

/// <summary>Asks all other servers, and takes their answers.</summary>
internal sealed class Questions(ServerMessages messages, ServerDirectory servers, TimeSpan timeout, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, PendingQuestion> _pending = new();
    private long _lastNumber;

    /// <summary>How many wait for answers.</summary>
    public int Open => _pending.Count;

    /// <summary>Asks, and waits until all servers that are known have answered, or for the time that they have.</summary>
    /// <returns>What came, the servers that did not answer, and how long it took.</returns>
    public async Task<(IReadOnlyList<ServerAnswer> Answers, IReadOnlyList<KnownServer> Missing, TimeSpan Age)> AskAsync(
        IReadOnlyList<ChannelScope> scopes, bool wantsMembers, CancellationToken cancellationToken)
    {
        var asked = servers.Servers.Where(static server => !server.IsPublisherOnly).ToArray();
        var number = Interlocked.Increment(ref _lastNumber);
        var question = new PendingQuestion(asked);
        _pending[number] = question;
        var began = time.GetTimestamp();
        try
        {
            if (asked.Length > 0)
            {
                await AskAndWaitAsync(new ClusterQuestion(number, wantsMembers, scopes), question).WaitAsync(timeout, time, cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            // Who has not answered is named.
        }
        finally
        {
            _pending.TryRemove(number, out _);
        }

        var (answers, missing) = question.Take();
        return (answers, missing, time.GetElapsedTime(began));
    }

    public void OnAnswer(Guid server, in ClusterAnswer answer)
    {
        if (_pending.TryGetValue(answer.Number, out var question))
        {
            question.Add(server, answer);
        }
    }

    private async Task AskAndWaitAsync(ClusterQuestion question, PendingQuestion pending)
    {
        if (await messages.TellAllAsync(EnvelopeKind.Question, question.Write))
        {
            await pending.Complete;
        }
    }
}
