namespace Waffle.WebSockets.Backplane;

/// <summary>How far each server was heard in one channel: what comes twice or too late is seen, and what is missing. Not synchronised.</summary>
internal sealed class ReceivedSequences
{
    private readonly Dictionary<Guid, Heard> _heard = [];

    /// <summary>Looks at an envelope that was counted, and remembers it.</summary>
    /// <param name="header">The envelope's.</param>
    /// <param name="isNewer">Whether the server began after we subscribed: then the first of its messages that we hear must be its first.</param>
    /// <param name="missing">How many before it were not heard.</param>
    /// <returns>Whether it is new, and not overtaken by a later one.</returns>
    public bool TryAdvance(in EnvelopeHeader header, bool isNewer, out long missing)
    {
        var isKnown = _heard.TryGetValue(header.Server, out var heard);
        if (isKnown && (header.Epoch < heard.Epoch || (header.Epoch == heard.Epoch && header.Sequence <= heard.Last)))
        {
            missing = 0;
            return false;
        }

        missing = (isKnown, IsSameEpoch: header.Epoch == heard.Epoch, isNewer) switch
        {
            (true, true, _) => header.Sequence - heard.Last - 1,
            (true, false, _) or (false, _, true) => header.Sequence - 1,
            _ => 0,
        };
        _heard[header.Server] = new Heard(header.Epoch, header.Sequence);
        return true;
    }

    /// <summary>Looks at how far a server says that it has counted, after it could not publish all.</summary>
    /// <returns>How many messages were not heard; of a server that was never heard, one at least.</returns>
    public long Mark(in EnvelopeHeader marker, bool isNewer) => TryAdvance(marker, isNewer, out var missing) ? missing + 1 : 0;

    /// <summary>Forgets a server that is gone.</summary>
    public void Remove(Guid server) => _heard.Remove(server);

    /// <summary>Forgets all: what was heard before a pause says nothing about what comes after it.</summary>
    public void Clear() => _heard.Clear();

    private readonly record struct Heard(long Epoch, long Last);
}
