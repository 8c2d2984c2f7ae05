using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A broadcast is encoded, framed, queued and written without allocating, however many receive it and whatever threads write it.</summary>
public sealed class BroadcastAllocationTests
{
    private const int Few = 100;
    private const int Many = 1000;
    private const int HeaderLength = 2;
    private static readonly int _textFrameLength = HeaderLength + "hello".Length;
    private static readonly int _typedMessageFrameLength = HeaderLength + """{"type":"chat","payload":"hello"}""".Length;

    [Theory]
    [InlineData("prepared")]
    [InlineData("text")]
    [InlineData("typed message")]
    public async Task It_allocates_nothing(string verb)
    {
        Assert.Equal(0, await AllocationOfBroadcastTo(Few, verb));
        Assert.Equal(0, await AllocationOfBroadcastTo(Many, verb));
    }

    [Fact]
    public async Task To_several_rooms_it_allocates_the_list_of_these_alone()
    {
        var list = Allocation.Of(() => GC.KeepAlive(new MemberGroup[2]));

        Assert.Equal(list, await AllocationOfBroadcastTo(Few, "several rooms"));
        Assert.Equal(list, await AllocationOfBroadcastTo(Many, "several rooms"));
    }

    private static async Task<long> AllocationOfBroadcastTo(int count, string verb)
    {
        await using var hub = new WebSocketHub(time: new FakeTimeProvider());
        var sinks = new List<SinkWriter>();
        for (var i = 0; i < count; i++)
        {
            sinks.Add(new SinkWriter());
            var client = await hub.AddAsync(WebSocketConnection.Create(new DuplexPipe(new Pipe().Reader, sinks[i]), null, hub.Time));
            await client.JoinAsync("a");
            await client.JoinAsync("b");
        }

        var prepared = PreparedMessage.Text("hello");
        var rooms = hub.Rooms("a", "b");
        var length = verb == "typed message" ? _typedMessageFrameLength : _textFrameLength;
        var rounds = 0;
        var allocated = await Allocation.OfMostAsync(
            () =>
            {
                rounds++;
                var broadcast = verb switch
                {
                    "prepared" => hub.BroadcastAsync(prepared),
                    "text" => hub.BroadcastTextAsync("hello"),
                    "several rooms" => rooms.BroadcastAsync(prepared),
                    _ => hub.BroadcastTypedMessageAsync("chat", "hello"),
                };
                if (broadcast.AtOnce().Queued != count)
                {
                    Assert.Fail("Not everybody got it.");
                }
            },
            isOver: () => Wait.Eventually(() => sinks.All(sink => sink.Bytes == rounds * length), "everything is written"));

        foreach (var client in hub.Clients)
        {
            client.Connection.Abort();
        }

        return allocated;
    }
}
