using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Bench.Micro.Connections;

/// <summary>A message compressed and inflated, by itself or in a context that is kept from one to the next.</summary>
public class Compressing
{
    // After so many equal messages a context changes no more.
    private const int Settled = 700;

    private MessageDeflater? _deflater;
    private MessageInflater? _inflater;
    private OutboundFrame? _output;
    private byte[] _message = [];
    private byte[] _compressed = [];

    [Params(100, 1024, 16 * 1024)]
    public int Size { get; set; }

    [Params(false, true)]
    public bool KeepsContext { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = Payloads.CreateJson(Size);
        _deflater = CreateDeflater();
        _inflater = new MessageInflater(KeepsContext ? DeflateAgreement.MaxWindowBits : 0);
        _output = OutboundFrame.Rent(2 * Size);
        for (var i = 0; i < Settled; i++)
        {
            Deflate();
            _compressed = _output.Payload.ToArray();
            Inflate();
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _deflater!.Dispose();
        _output!.Release();
    }

    [Benchmark]
    public int Deflate()
    {
        _output!.Advance(-_output.PayloadLength);
        _deflater!.Deflate(_message, _output);
        return _output.PayloadLength;
    }

    [Benchmark]
    public int Inflate()
    {
        if (_inflater!.Inflate(_compressed, maxSize: 1024 * 1024, out var buffer, out var length) != InflateOutcome.Done || length != Size)
        {
            throw new InvalidOperationException("The message was not inflated.");
        }

        new AssembledMessage(IsText: true, buffer, length).Return();
        return length;
    }

    private MessageDeflater CreateDeflater() => new(DeflateAgreement.MaxWindowBits, KeepsContext, CompressionLevel.Fastest);
}
