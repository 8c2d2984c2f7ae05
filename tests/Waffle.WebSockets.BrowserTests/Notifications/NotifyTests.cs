using System.Globalization;

namespace Waffle.WebSockets.BrowserTests.Notifications;

public sealed class NotifyTests(NotificationServer server) : ServerTests<NotificationServer>(server)
{
    [Fact]
    public async Task A_notification_has_an_id_title_body_and_time_and_its_sender_is_told_the_counts()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        await using var alice = await Server.SubscribeAsync("alice");

        var answer = await Server.NotifyAsync(new { title = "\"Tea\" <is> ready", body = "Earl Grey 🫖" });
        var received = await alice.ReceiveAsync("notification");

        Assert.Equal(["id", "title", "body", "timestamp"], received.Body.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("\"Tea\" <is> ready", "Earl Grey 🫖"), (received["title"], received["body"]));
        var time = DateTimeOffset.Parse(received["timestamp"], CultureInfo.InvariantCulture);
        Assert.InRange(time, before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal($$"""{"id":"{{received["id"]}}","targeted":1,"queued":1,"dropped":0,"closed":0}""", answer.GetRawText());
    }

    [Fact]
    public async Task A_users_notification_reaches_all_connections_of_this_user_and_no_other()
    {
        await using var first = await Server.SubscribeAsync("alice");
        await using var second = await Server.SubscribeAsync("alice");
        await using var bob = await Server.SubscribeAsync("bob");
        await using var nobody = await Server.SubscribeAsync(null);

        Assert.Equal(2, (await Server.NotifyAsync(new { user_id = "alice", title = "for alice" })).GetProperty("targeted").GetInt32());
        Assert.Equal(4, (await Server.NotifyAsync(new { user_id = "", title = "for everybody" })).GetProperty("targeted").GetInt32());
        Assert.Equal(0, (await Server.NotifyAsync(new { user_id = "carol", title = "for carol" })).GetProperty("targeted").GetInt32());

        foreach (var alice in new[] { first, second })
        {
            Assert.Equal("for alice", (await alice.ReceiveAsync())["title"]);
            Assert.Equal("for everybody", (await alice.ReceiveAsync())["title"]);
        }

        Assert.Equal("for everybody", (await bob.ReceiveAsync())["title"]);
        Assert.Equal("for everybody", (await nobody.ReceiveAsync())["title"]);
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
        var (status, detail) = await Server.PostAsync(body);

        Assert.Equal(400, status);
        Assert.Contains(what, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_long_is_answered_with_400()
    {
        Assert.Equal(400, (await Server.PostAsync($$"""{"title":"{{new string('y', 101)}}"}""")).Status);
        Assert.Equal(400, (await Server.PostAsync($$"""{"title":"Tea","body":"{{new string('y', 1_001)}}"}""")).Status);
    }

    [Fact]
    public async Task What_a_form_of_another_site_could_send_is_refused()
    {
        Assert.Equal(415, (await Server.PostAsync("""{"title":"Tea"}""", "text/plain")).Status);
    }
}
