namespace Waffle.WebSockets.Bench.Load.Generator.Frames;

/// <summary>Keys that differ from frame to frame; none has to be a secret here.</summary>
internal sealed class MaskingKeys
{
    private uint _state = 2_463_534_242;

    /// <summary>Marsaglia's xorshift: three shifts, and never 0.</summary>
    public uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }
}
