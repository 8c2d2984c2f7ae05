using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Bench.Micro.Messages;

/// <summary>An object into a ready frame.</summary>
public class JsonOut
{
    private readonly ChatText _chat = new() { Room = "general", Text = "Hello, everybody. Is anyone here?" };
    private readonly TypedMessage _forwarded;

    public JsonOut() => _forwarded = Waffle.WebSockets.TypedMessage.Create("chat", _chat, "7");

    [Benchmark]
    public int TypedMessage() => Release(JsonFrame.TypedMessage("chat", _chat, MessageJsonDefaults.Options, id: "7"));

    [Benchmark]
    public int Event() => Release(JsonFrame.Event("chat", _chat, MessageJsonDefaults.Options));

    [Benchmark]
    public int Value() => Release(JsonFrame.Value(_chat, MessageJsonDefaults.Options));

    [Benchmark]
    public int Forwarded() => Release(JsonFrame.Message(_forwarded));

    private static int Release(OutboundFrame frame)
    {
        var length = frame.PayloadLength;
        frame.Release();
        return length;
    }
}
