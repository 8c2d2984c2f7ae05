using System.Buffers.Text;

namespace Waffle.WebSockets.Bench.Load.Generator.Payloads;

/// <summary>The start of each payload: <c>wf:</c>, and three numbers in hexadecimal. No encoder of JSON changes any of it.</summary>
/// <param name="Publisher">Who sent it: a room's number where rooms are published to, a connection's where it echoes.</param>
/// <param name="Sequence">How many the publisher had sent before.</param>
/// <param name="Time">When, by <see cref="Native.Clock"/>.</param>
internal readonly record struct Stamp(uint Publisher, long Sequence, long Time)
{
    public const int Length = 3 + PublisherDigits + SequenceDigits + TimeDigits;

    private const int PublisherDigits = 8;
    private const int SequenceDigits = 12;
    private const int TimeDigits = 16;

    public static ReadOnlySpan<byte> Start => "wf:"u8;

    public void Write(Span<byte> target)
    {
        Start.CopyTo(target);
        WriteHex(target.Slice(3, PublisherDigits), Publisher);
        WriteHex(target.Slice(3 + PublisherDigits, SequenceDigits), (ulong)Sequence);
        WriteHex(target.Slice(3 + PublisherDigits + SequenceDigits, TimeDigits), (ulong)Time);
    }

    /// <summary>Reads the stamp that text begins with; false if it does not begin with one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Stamp stamp)
    {
        stamp = default;
        if (text.Length < Length
            || !text.StartsWith(Start)
            || !TryReadHex(text.Slice(3, PublisherDigits), out var publisher)
            || !TryReadHex(text.Slice(3 + PublisherDigits, SequenceDigits), out var sequence)
            || !TryReadHex(text.Slice(3 + PublisherDigits + SequenceDigits, TimeDigits), out var time))
        {
            return false;
        }

        stamp = new Stamp((uint)publisher, sequence, time);
        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out long value) =>
        Utf8Parser.TryParse(digits, out value, out var length, 'x') && length == digits.Length;

    private static void WriteHex(Span<byte> target, ulong value)
    {
        for (var i = target.Length - 1; i >= 0; i--, value >>= 4)
        {
            target[i] = "0123456789abcdef"u8[(int)(value & 0xf)];
        }
    }
}
