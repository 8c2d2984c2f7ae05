extern alias notifications;

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.TestHost;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Samples;

public sealed class NotificationTests : IAsyncDisposable
{
    private readonly SampleFactory<notifications::Program> _sample = new();

    public ValueTask DisposeAsync() => _sample.DisposeAsync();

    [Fact]
    public async Task A_notification_has_an_id_title_body_and_time_and_its_sender_is_told_the_counts()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        await using var alice = await SubscribeAsync("alice");

        var answer = await NotifyAsync(new { title = "\"Tea\" <is> ready", body = "Earl Grey 🫖" });
        var received = await alice.ReceiveEventAsync<JsonElement>("notification");

        Assert.Equal(["id", "title", "body", "timestamp"], received.EnumerateObject().Select(property => property.Name));
        Assert.Equal("\"Tea\" <is> ready", received.GetProperty("title").GetString());
        Assert.Equal("Earl Grey 🫖", received.GetProperty("body").GetString());
        Assert.InRange(received.GetProperty("timestamp").GetDateTimeOffset(), before, DateTimeOffset.UtcNow.AddSeconds(1));
        var id = received.GetProperty("id").GetString();
        Assert.Equal($$"""{"id":"{{id}}","targeted":1,"queued":1,"dropped":0,"closed":0}""", answer.GetRawText());
    }

    [Fact]
    public async Task A_users_notification_reaches_all_connections_of_this_user_and_no_other()
    {
        await using var first = await SubscribeAsync("alice");
        await using var second = await SubscribeAsync("alice");
        await using var bob = await SubscribeAsync("bob");
        await using var nobody = await SubscribeAsync(user: null);

        Assert.Equal(2, Targeted(await NotifyAsync(new { user_id = "alice", title = "for alice" })));
        Assert.Equal(4, Targeted(await NotifyAsync(new { user_id = "", title = "for everybody" })));
        Assert.Equal(0, Targeted(await NotifyAsync(new { user_id = "carol", title = "for carol" })));

        Assert.Equal(["for alice", "for everybody"], await TitlesAsync(first));
        Assert.Equal(["for alice", "for everybody"], await TitlesAsync(second));
        Assert.Equal(["for everybody"], await TitlesAsync(bob));
        Assert.Equal(["for everybody"], await TitlesAsync(nobody));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("title=Tea", "line 1")]
    [InlineData("""{"title":"Tea" """, "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("null", "an object")]
    [InlineData("{}", "\"title\"")]
    [InlineData("""{"title":""}""", "\"title\"")]
    [InlineData("""{"title":7}""", "$.title")]
    [InlineData("""{"title":"half \ud83e of a pair"}""", "$.title")]
    [InlineData("""{"title":"Tea","user_id":["alice"]}""", "$.user_id")]
    public async Task A_wrong_body_is_answered_with_400_and_what_is_wrong(string body, string what)
    {
        var (status, detail) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(what, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_long_is_answered_with_400()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($$"""{"title":"{{new string('y', 101)}}"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($$"""{"title":"Tea","body":"{{new string('y', 1_001)}}"}""")).Status);
    }

    [Fact]
    public async Task What_a_form_of_another_site_could_send_is_refused()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync("""{"title":"Tea"}""", "text/plain")).Status);
    }

    /// <summary>A client that gets the notifications of a user, or those for everybody.</summary>
    private async Task<WebSocketTestClient> SubscribeAsync(string? user)
    {
        var client = await _sample.Server.ConnectWebSocketAsync(user is null ? "/ws/notifications" : $"/ws/notifications?user_id={user}");
        await client.ReceiveEventAsync("subscribed");
        return client;
    }

    private async Task<JsonElement> NotifyAsync(object order)
    {
        using var http = _sample.CreateClient();
        using var answer = await http.PostAsJsonAsync("/api/notify", order);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<(HttpStatusCode Status, string? Detail)> PostAsync(string body, string mediaType = "application/json")
    {
        using var http = _sample.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, mediaType);
        using var answer = await http.PostAsync(new Uri("/api/notify", UriKind.Relative), content);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    private static int Targeted(JsonElement answer) => answer.GetProperty("targeted").GetInt32();

    private static async Task<IEnumerable<string?>> TitlesAsync(WebSocketTestClient client) =>
        (await client.ReceiveAllAsync()).Select(message => message.Event!.GetData<JsonElement>().GetProperty("title").GetString());
}
