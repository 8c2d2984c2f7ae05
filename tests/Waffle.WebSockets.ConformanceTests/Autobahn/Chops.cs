namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>How the bytes of a case are cut into writes.</summary>
/// <param name="Length">How long each write is. Zero: one for each frame.</param>
internal readonly record struct Chops(int Length)
{
    /// <summary>One write for all that is sent together.</summary>
    public static Chops None { get; } = new(int.MaxValue);

    public static Chops Frames { get; } = new(0);

    public static Chops Bytes { get; } = new(1);

    public IEnumerable<ReadOnlyMemory<byte>> Cut(IReadOnlyList<byte[]> frames)
    {
        if (Length == 0)
        {
            return frames.Select(frame => new ReadOnlyMemory<byte>(frame));
        }

        ReadOnlyMemory<byte> all = frames is [var single] ? single : frames.SelectMany(frame => frame).ToArray();
        return CutEvenly(all, Length);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> CutEvenly(ReadOnlyMemory<byte> all, int length)
    {
        for (var rest = all; rest.Length > 0; rest = rest[Math.Min(length, rest.Length)..])
        {
            yield return rest[..Math.Min(length, rest.Length)];
        }
    }
}
