namespace Waffle.WebSockets.Backplane;

/// <summary>A question that was asked of some servers, and what they have answered so far.</summary>
internal sealed class PendingQuestion(IReadOnlyList<KnownServer> asked)
{
    private readonly Lock _answersLock = new();
    private readonly Dictionary<Guid, AnswerParts> _answers = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when all have answered.</summary>
    public Task Complete => asked.Count == 0 ? Task.CompletedTask : _complete.Task;

    public void Add(Guid server, in ClusterAnswer answer)
    {
        lock (_answersLock)
        {
            if (!_answers.TryGetValue(server, out var parts))
            {
                _answers.Add(server, parts = new AnswerParts());
            }

            parts.Add(answer);
            if (asked.All(known => _answers.GetValueOrDefault(known.Id) is { IsComplete: true }))
            {
                _complete.TrySetResult();
            }
        }
    }

    /// <summary>What has come by now, also from servers that were not known when it was asked; and who of the others is missing.</summary>
    public (IReadOnlyList<ServerAnswer> Answers, IReadOnlyList<KnownServer> Missing) Take()
    {
        lock (_answersLock)
        {
            return (
                [.. _answers.Where(static answer => answer.Value.IsComplete).Select(static answer => answer.Value.ToAnswer(answer.Key))],
                [.. asked.Where(known => _answers.GetValueOrDefault(known.Id) is not { IsComplete: true })]);
        }
    }
}
