using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Bench.Micro.Protocol;

/// <summary>Text checked as it comes: in one piece, or in pieces that cut characters.</summary>
public class Utf8Validation
{
    private const int PieceLength = 4095;

    private byte[] _text = [];

    public enum Letters
    {
        Ascii,
        Mixed,
    }

    [Params(100, 1024, 16 * 1024, 64 * 1024)]
    public int Size { get; set; }

    [Params(Letters.Ascii, Letters.Mixed)]
    public Letters Text { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _text = Text == Letters.Ascii ? Payloads.CreateJson(Size) : Payloads.CreateMixedText(Size);
        if (!Whole() || !Pieces())
        {
            throw new InvalidOperationException("The text is not what it should be.");
        }
    }

    [Benchmark]
    public bool Whole()
    {
        Utf8Validator validator = default;
        return validator.Append(_text) && validator.IsComplete;
    }

    [Benchmark]
    public bool Pieces()
    {
        Utf8Validator validator = default;
        for (var rest = _text.AsSpan(); !rest.IsEmpty; rest = rest[Math.Min(PieceLength, rest.Length)..])
        {
            if (!validator.Append(rest[..Math.Min(PieceLength, rest.Length)]))
            {
                return false;
            }
        }

        return validator.IsComplete;
    }
}
