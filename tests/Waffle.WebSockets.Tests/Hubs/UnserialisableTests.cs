using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>What has no JSON: the caller gets the exception at the call, nothing is queued for anybody, and nobody is disconnected.</summary>
public sealed partial class UnserialisableTests
{
    private static readonly string[] _values = ["cycle", "unsupported", "NaN", "getter that throws"];

    private static readonly string[] _verbs =
    [
        "broadcast JSON", "broadcast typed", "broadcast event", "room JSON", "room typed", "room event", "send JSON", "send typed", "send event",
        "write JSON", "create message",
    ];

    public static MatrixTheoryData<string, string> Cases => new(_values, _verbs);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task C75_a_value_without_JSON_reaches_the_caller_and_nobody_else(string value, string verb)
    {
        await using var scene = new HubScene();
        var expected = value switch
        {
            "cycle" => typeof(JsonException),
            "unsupported" => typeof(NotSupportedException),
            "NaN" => typeof(ArgumentException),
            _ => typeof(FormatException),
        };
        await ExpectNothingSentAsync(scene, expected, value, verb, options: null);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task C75_a_type_that_the_generated_context_lacks_reaches_the_caller_and_nobody_else(string value, string verb)
    {
        await using var scene = new HubScene(null, KnownContext.Default.Options);
        await ExpectNothingSentAsync(scene, typeof(NotSupportedException), value, verb, KnownContext.Default.Options);
    }

    private static async Task ExpectNothingSentAsync(
        HubScene scene, Type expected, string value, string verb, JsonSerializerOptions? options)
    {
        var peers = await scene.ConnectAsync(2);
        foreach (var peer in peers)
        {
            await peer.Client.JoinAsync("room");
        }

        await Assert.ThrowsAsync(expected, () => value switch
        {
            "cycle" => CallAsync(Node.Cycle(), verb, peers[0].Client, options),
            "unsupported" => CallAsync<Action>(static () => { }, verb, peers[0].Client, options),
            "NaN" => CallAsync(double.NaN, verb, peers[0].Client, options),
            _ => CallAsync(new Thrower(), verb, peers[0].Client, options),
        });

        foreach (var peer in peers)
        {
            Assert.Empty(await peer.TextsSoFarAsync());
            Assert.False(peer.Client.Connection.IsClosed);
        }

        await scene.Hub.BroadcastJsonAsync(new Known("fine"));
        foreach (var peer in peers)
        {
            Assert.Contains("fine", Assert.Single(await peer.TextsSoFarAsync()), StringComparison.Ordinal);
        }
    }

    private static async Task CallAsync<T>(T value, string verb, HubClient client, JsonSerializerOptions? options)
    {
        BroadcastTarget target = verb.StartsWith("room", StringComparison.Ordinal) ? client.Hub.Room("room") : client.Hub;
        switch (verb)
        {
            case "broadcast JSON" or "room JSON":
                await target.BroadcastJsonAsync(value);
                break;
            case "broadcast typed" or "room typed":
                await target.BroadcastTypedMessageAsync("type", value);
                break;
            case "broadcast event" or "room event":
                await target.BroadcastEventAsync("name", value);
                break;
            case "send JSON":
                await client.SendJsonAsync(value);
                break;
            case "send typed":
                await client.SendTypedMessageAsync("type", value);
                break;
            case "send event":
                await client.SendEventAsync("name", value);
                break;
            case "write JSON":
                await client.Connection.WriteJsonAsync(value, options);
                break;
            default:
                await target.BroadcastMessageAsync(new TypedMessage("type", RawJson.From(value, options)));
                break;
        }
    }

    internal sealed record Known(string Text);

    private sealed class Node
    {
        public Node? Next { get; set; }

        public static Node Cycle()
        {
            var node = new Node();
            node.Next = node;
            return node;
        }
    }

    private sealed class Thrower
    {
        public int Before { get; } = 1;

        public int Value => throw new FormatException("no value");
    }

    [JsonSerializable(typeof(Known))]
    private sealed partial class KnownContext : JsonSerializerContext;
}
