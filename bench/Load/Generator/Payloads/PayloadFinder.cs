namespace Waffle.WebSockets.Bench.Load.Generator.Payloads;

/// <summary>Finds payloads in messages, by their stamps, whatever a dialect puts around them.</summary>
internal sealed class PayloadFinder
{
    // Where the first payload was in the last message: mostly it is there again.
    private int _usual;

    /// <summary>The place of the first payload at or after a place; -1 if there is none.</summary>
    public int Find(ReadOnlySpan<byte> message, int from)
    {
        if (from == 0 && message.Length > _usual && message[_usual..].StartsWith(Stamp.Start))
        {
            return _usual;
        }

        var place = message[from..].IndexOf(Stamp.Start);
        if (place < 0)
        {
            return -1;
        }

        if (from == 0)
        {
            _usual = place;
        }

        return from + place;
    }
}
