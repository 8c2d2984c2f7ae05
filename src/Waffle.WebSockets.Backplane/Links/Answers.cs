using System.Threading.Channels;

namespace Waffle.WebSockets.Backplane;

/// <summary>Answers what other servers ask, one question after the other, away from the loop that hears them.</summary>
internal sealed class Answers : IDisposable
{
    // What is more is not answered, and the server that asks says so.
    private const int MaxWaiting = 64;

    private readonly Channel<(Guid Server, ClusterQuestion Question)> _waiting =
        Channel.CreateBounded<(Guid, ClusterQuestion)>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly ServerMessages _messages;
    private readonly ILinkOwner _owner;
    private readonly BackplaneEvents _events;

    public Answers(ServerMessages messages, ILinkOwner owner, BackplaneEvents events)
    {
        (_messages, _owner, _events) = (messages, owner, events);
        _ = Task.Run(RunAsync);
    }

    public void Add(Guid server, in ClusterQuestion question) => _waiting.Writer.TryWrite((server, question));

    public void Dispose() => _waiting.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (var (server, question) in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                await AnswerAsync(server, question);
            }
            catch (Exception error)
            {
                // Such as no memory for a long list.
                _events.Failed(error);
            }
        }
    }

    private async Task AnswerAsync(Guid server, ClusterQuestion question)
    {
        var members = question.WantsMembers ? _owner.FindMembers(question.Scopes) : [];
        var count = question.WantsMembers ? members.Count : _owner.CountMembers(question.Scopes);
        var parts = Math.Max(1, (members.Count + ClusterAnswer.MaxMembers - 1) / ClusterAnswer.MaxMembers);
        for (var part = 0; part < parts; part++)
        {
            AnsweredMember[] ofPart = [.. members.Skip(part * ClusterAnswer.MaxMembers).Take(ClusterAnswer.MaxMembers)];
            var answer = new ClusterAnswer(question.Number, part, part == parts - 1, count, ofPart);
            if (!await _messages.TellAsync(server, EnvelopeKind.Answer, answer.Write))
            {
                return;
            }
        }
    }
}
