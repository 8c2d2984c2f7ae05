using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Handlers are added before the first message, one for each type.</summary>
public sealed class RouterRegistrationTests
{
    [Fact]
    public void A_type_has_one_handler()
    {
        var router = new MessageRouter().On("chat", IgnoreAsync);

        Assert.Throws<ArgumentException>(() => router.On("chat", IgnoreAsync));
        Assert.Throws<ArgumentException>(() => router.On<string>("chat", static (_, _, _) => Task.CompletedTask));
        router.On("Chat", IgnoreAsync);
        router.OnUnknown(IgnoreAsync);
        Assert.Throws<InvalidOperationException>(() => router.OnUnknown(IgnoreAsync));
    }

    [Fact]
    public void A_type_has_1_to_128_bytes()
    {
        var router = new MessageRouter();

        Assert.ThrowsAny<ArgumentException>(() => router.On(null!, IgnoreAsync));
        Assert.Throws<ArgumentException>(() => router.On(string.Empty, IgnoreAsync));
        Assert.Throws<ArgumentException>(() => router.On(new string('x', 129), IgnoreAsync));
        Assert.Throws<ArgumentException>(() => router.On(new string('é', 65), IgnoreAsync));
        Assert.Throws<ArgumentException>(() => router.On("\uD800", IgnoreAsync));
        router.On(new string('x', 128), IgnoreAsync).On(new string('é', 64), IgnoreAsync);
        Assert.Throws<ArgumentNullException>(() => router.On("x", null!));
    }

    [Fact]
    public async Task The_longest_type_finds_its_handler()
    {
        var longest = new string('é', 64);
        var router = new MessageRouter()
            .On(longest, static async (client, _, token) => await client.SendTextAsync("found", default, token));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal("found", await scene.AskAsync($$"""{"type":"{{longest}}"}"""));
    }

    [Theory]
    [InlineData("""{"type":"chat"}""")]
    [InlineData("""{"type":"nobody"}""")]
    [InlineData("no message")]
    public async Task After_the_first_message_it_is_frozen(string first)
    {
        var router = new MessageRouter().On("chat", IgnoreAsync);
        await using var scene = await RouterScene.StartAsync(router);
        await scene.SendAsync(first);
        await scene.Peer.Peer.SendCloseAsync();
        await scene.Run.Soon();

        Assert.Throws<InvalidOperationException>(() => router.On("other", IgnoreAsync));
        Assert.Throws<InvalidOperationException>(() => router.On<int>("other", static (_, _, _) => Task.CompletedTask));
        Assert.Throws<InvalidOperationException>(() => router.OnUnknown(IgnoreAsync));
    }

    private static Task IgnoreAsync(HubClient client, TypedMessage message, CancellationToken cancellationToken) => Task.CompletedTask;
}
