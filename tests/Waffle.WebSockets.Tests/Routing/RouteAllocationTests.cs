using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Waffle.WebSockets.Routing;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>A message on its way to its handler allocates what the handler gets, and nothing else.</summary>
public sealed class RouteAllocationTests
{
    private const string Text = "Hello, everybody. Is anyone here?";

    private static readonly byte[] _message = Encoding.UTF8.GetBytes($$"""{"type":"chat","payload":{"room":"general","text":"{{Text}}"},"id":"7"}""");

    /// <summary>In a debug build each call of an async method is an object.</summary>
    public static long CallCosts { get; } = MeasureCall();

    public sealed class Chat
    {
        public string? Room { get; set; }

        public string? Text { get; set; }
    }

    [Fact]
    public async Task An_object_costs_itself()
    {
        await using var scene = await RouterScene.StartAsync(new MessageRouter());
        Chat? handled = null;
        var router = new MessageRouter().On<Chat>("chat", (_, chat, _) =>
        {
            handled = chat;
            return Task.CompletedTask;
        });
        var objects = Allocation.Of(() => GC.KeepAlive(new Chat { Room = new string('r', "general".Length), Text = new string('t', Text.Length) }));

        var allocated = Allocation.Of(() => Assert.True(router.RouteAsync(scene.Peer.Client, _message).IsCompletedSuccessfully));

        Assert.Equal(CallCosts + objects, allocated);
        Assert.Equal(("general", Text), (handled?.Room, handled?.Text));
    }

    private static long MeasureCall()
    {
        var call = typeof(MessageDispatcher).GetNestedTypes(BindingFlags.NonPublic)
            .Single(type => type.Name.StartsWith("<DispatchAsync>", StringComparison.Ordinal));
        return call.IsValueType ? 0 : Allocation.Of(() => GC.KeepAlive(RuntimeHelpers.GetUninitializedObject(call)));
    }
}
