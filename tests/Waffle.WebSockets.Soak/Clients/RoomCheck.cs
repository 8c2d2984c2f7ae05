namespace Waffle.WebSockets.Soak.Clients;

/// <summary>What a client gets from a room while it is a member: the ticks, and what each member says, in its order.</summary>
/// <remarks>The results say what is wrong.</remarks>
internal sealed class RoomCheck(string self, long saidBefore)
{
    private readonly Dictionary<string, long> _heard = new() { [self] = saidBefore };

    public TickCheck Ticks { get; } = new();

    /// <summary>The ticks of the other servers.</summary>
    public OthersCheck Others { get; } = new(TimeProvider.System);

    /// <summary>What a member on this server has said.</summary>
    public string? Add(Remark remark)
    {
        var from = remark.From ?? string.Empty;
        var expected = _heard.TryGetValue(from, out var last) ? last + 1 : remark.Number;
        _heard[from] = remark.Number;
        return remark.Number != expected ? $"{from} said {remark.Number} where {expected} was due"
            : Filler.IsFor(remark.Number, remark.Text) ? null
            : $"the text of {remark.Number} of {from} is not what was sent";
    }

    /// <summary>The client has left, having said so much.</summary>
    public string? Leave(TickRange range, long said) =>
        Ticks.Reach(range.Completed) ?? (_heard[self] == said ? null : $"only {_heard[self]} of {said} own remarks came back");
}
