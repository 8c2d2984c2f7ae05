namespace Waffle.WebSockets.Soak.Clients;

/// <summary>Whether a member gets the numbered broadcasts of its hub or room from its join on, none lost, doubled or displaced.</summary>
/// <remarks>The results say what is wrong.</remarks>
internal sealed class TickCheck
{
    private TickRange? _joined;
    private long _first;
    private long _last;

    public string? Add(Tick tick)
    {
        if (!Filler.IsFor(tick.Number, tick.Text))
        {
            return $"the text of {tick.Number} is not what was sent";
        }

        var expected = _last + 1;
        _last = tick.Number;
        if (_first == 0)
        {
            _first = tick.Number;
            return CheckFirst();
        }

        return tick.Number == expected ? null : $"{tick.Number} came where {expected} was due";
    }

    /// <summary>The server has told about the join.</summary>
    public string? Join(TickRange range)
    {
        _joined = range;
        return CheckFirst();
    }

    /// <summary>The server has told, behind them, that all up to <paramref name="completed"/> were sent.</summary>
    public string? Reach(long completed) => _joined is { } joined && completed > joined.Started && _last < completed
        ? $"only {_last} of {completed} had come"
        : null;

    private string? CheckFirst() =>
        _joined is null || _first == 0 || (_first > _joined.Completed && _first <= _joined.Started + 1)
            ? null
            : $"the first was {_first}, with {_joined.Completed} completed before the join and {_joined.Started} started after it";
}
