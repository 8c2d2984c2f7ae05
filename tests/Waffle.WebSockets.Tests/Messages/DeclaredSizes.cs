using Waffle.WebSockets.Tests.Protocol;
using Waffle.WebSockets.Tests.Routing;

namespace Waffle.WebSockets.Tests.Messages;

/// <summary>What a message says of sizes, counts or parts to come is data like any other: nothing is made ready for it.</summary>
public class DeclaredSizes
{
    [Theory]
    [InlineData("""{"type":"upload","payload":{"length":2147483647,"count":9223372036854775807,"items":1e300}}""")]
    [InlineData("""{"length":2147483647,"attachments":2147483647,"type":"upload","payload":[4294967295]}""")]
    [InlineData("""{"type":"upload","payload":{"_placeholder":true,"num":2147483647},"id":"2147483647"}""")]
    public void A_size_that_a_message_declares_costs_nothing(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var allocated = Allocation.Of(() => TypedMessage.Parse(bytes));

        Assert.InRange(allocated, 0, 2048);
    }

    [Theory]
    [InlineData("51-[\"upload\",{\"_placeholder\":true,\"num\":0}]", "invalid_json")]
    [InlineData("2147483647", "not_an_object")]
    [InlineData("[2147483647", "not_an_object")]
    public async Task Parts_that_a_message_announces_are_not_waited_for(string text, string code)
    {
        await using var scene = await RouterScene.StartAsync(
            new MessageRouter().On("ping", static async (client, _, ct) => await client.SendTextAsync("pong", default, ct)));

        Assert.Contains($"\"{code}\"", await scene.AskAsync(text), StringComparison.Ordinal);
        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
    }
}
