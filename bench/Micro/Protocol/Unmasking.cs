using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Bench.Micro.Protocol;

/// <summary>A payload copied through its mask, from where it happens to begin in what was received.</summary>
public class Unmasking
{
    private readonly MaskingKey _key = MaskingKey.Read(Payloads.Mask);
    private byte[] _source = [];
    private byte[] _destination = [];

    [Params(4, 64, 1024, 16 * 1024, 64 * 1024)]
    public int Size { get; set; }

    [Params(0, 1, 2, 3, 4, 5, 6, 7)]
    public int Alignment { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _source = new byte[Size + Alignment];
        _destination = new byte[Size];
    }

    [Benchmark]
    public void Unmask() => _key.Apply(_source.AsSpan(Alignment), _destination, position: 0);
}
