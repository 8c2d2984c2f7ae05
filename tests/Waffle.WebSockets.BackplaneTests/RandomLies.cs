namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Makes something else of half of the messages of a room, each time the same for the same seed.</summary>
internal sealed class RandomLies(int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<Lie> _told = [];
    private byte[]? _delayed;

    /// <summary>The lies that were told.</summary>
    public IReadOnlyCollection<Lie> Told => _told;

    /// <summary>What becomes of one message; one room's come one at a time.</summary>
    public IEnumerable<byte[]> Change(string channel, byte[] message)
    {
        if (!LyingBackplane.IsRoom(channel))
        {
            return [message];
        }

        var lies = Enum.GetValues<Lie>();
        var number = _random.Next(2 * lies.Length);
        return number < lies.Length ? Tell(lies[number], message) : [message];
    }

    private IEnumerable<byte[]> Tell(Lie lie, byte[] message)
    {
        _told.Add(lie);
        return lie switch
        {
            Lie.Lose => [],
            Lie.Repeat => [message, message],
            Lie.Corrupt => [Corrupt(message)],
            Lie.Cut => [message[.._random.Next(message.Length)]],
            Lie.Delay => Delay(message),
            Lie.Invent => [Invent(), message],
            _ => throw new ArgumentOutOfRangeException(nameof(lie)),
        };
    }

    // The one that was delayed before comes instead.
    private IEnumerable<byte[]> Delay(byte[] message)
    {
        var last = _delayed;
        _delayed = message;
        return last is null ? [] : [last];
    }

    private byte[] Corrupt(byte[] message)
    {
        byte[] changed = [.. message];
        changed[_random.Next(changed.Length)] ^= (byte)(1 << _random.Next(8));
        return changed;
    }

    private byte[] Invent()
    {
        var bytes = new byte[_random.Next(200)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
