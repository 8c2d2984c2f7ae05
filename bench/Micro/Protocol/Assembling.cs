using System.Buffers;
using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Protocol;

/// <summary>A whole text message from received bytes: headers read, payload unmasked, checked and joined.</summary>
public class Assembling
{
    private const int SegmentsOfMany = 8;

    private readonly MessageReader _reader = new(EndpointRole.Server, new MessageLimits(1024 * 1024, MaxFragments: 1000));
    private ReadOnlySequence<byte> _received;

    public enum Arrival
    {
        OneSegment,
        ManySegments,
    }

    [Params(100, 1024, 16 * 1024)]
    public int Size { get; set; }

    [Params(1, 8)]
    public int Frames { get; set; }

    [Params(Arrival.OneSegment, Arrival.ManySegments)]
    public Arrival Received { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var fragmentLength = (Size + Frames - 1) / Frames;
        var bytes = RawFrame.EncodeMessage(RawFrame.TextOpcode, Payloads.CreateJson(Size), fragmentLength);
        _received = Received == Arrival.OneSegment
            ? new ReadOnlySequence<byte>(bytes)
            : Segments.Of([.. bytes.Chunk((bytes.Length + SegmentsOfMany - 1) / SegmentsOfMany).Select(static piece => (ReadOnlyMemory<byte>)piece)]);
    }

    [Benchmark]
    public int Assemble()
    {
        var input = _received;
        Span<byte> control = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        ReadOutcome outcome;
        do
        {
            outcome = _reader.Read(ref input, control);
        }
        while (outcome == ReadOutcome.FrameBegun);

        if (outcome != ReadOutcome.Message)
        {
            throw new InvalidOperationException($"The message was not read: {outcome}.");
        }

        var message = _reader.TakeMessage();
        message.Return();
        return message.Length;
    }
}
