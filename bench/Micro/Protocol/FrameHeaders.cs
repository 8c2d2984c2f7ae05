using System.Buffers;
using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Bench.Micro.Protocol;

/// <summary>A frame's header, in each of its three length forms.</summary>
public class FrameHeaders
{
    private readonly byte[] _written = new byte[FrameHeader.MaxLength];
    private FrameHeader _header;
    private ReadOnlySequence<byte> _received;

    [Params(100, 1000, 100_000)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _header = new FrameHeader(IsFinal: true, Rsv1: false, Opcode.Text, Payload, MaskingKey: null);
        var received = new byte[FrameHeader.MaxLength];
        FrameHeaderWriter.Write(received, _header with { MaskingKey = MaskingKey.Read(Payloads.Mask) });
        _received = new ReadOnlySequence<byte>(received);
    }

    [Benchmark]
    public long Parse()
    {
        var input = _received;
        FrameHeaderReader.Read(ref input, EndpointRole.Server, allowRsv1: false, out var header, out _);
        return header.PayloadLength;
    }

    [Benchmark]
    public int Write() => FrameHeaderWriter.Write(_written, _header);
}
