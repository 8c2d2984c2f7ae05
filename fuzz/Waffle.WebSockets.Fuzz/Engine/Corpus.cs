namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>The inputs that each reached something that those before did not.</summary>
internal sealed class Corpus(Random random)
{
    private readonly List<byte[]> _inputs = [];

    public int Count => _inputs.Count;

    public IReadOnlyList<byte[]> Inputs => _inputs;

    public void Add(ReadOnlySpan<byte> input) => _inputs.Add(input.ToArray());

    /// <summary>Any of them, or of two the later one, of which fewer descend, or the shorter one, which is run faster.</summary>
    public byte[] Pick()
    {
        var (one, other) = (random.Next(_inputs.Count), random.Next(_inputs.Count));
        return _inputs[random.Next(3) switch
        {
            0 => one,
            1 => Math.Max(one, other),
            _ => _inputs[one].Length < _inputs[other].Length ? one : other,
        }];
    }
}
