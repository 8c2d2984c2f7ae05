namespace Waffle.WebSockets.Backplane;

/// <summary>The parts of one server's answer. One that comes twice counts once. Not synchronised.</summary>
internal sealed class AnswerParts
{
    private readonly Dictionary<int, ClusterAnswer> _parts = [];
    private int? _count;

    public bool IsComplete => _count == _parts.Count;

    public void Add(in ClusterAnswer answer)
    {
        _parts[answer.Part] = answer;
        if (answer.IsLast)
        {
            _count = answer.Part + 1;
        }
    }

    public ServerAnswer ToAnswer(Guid server) => new(
        server, _parts.Values.First().Count, [.. _parts.OrderBy(static part => part.Key).SelectMany(static part => part.Value.Members)]);
}
