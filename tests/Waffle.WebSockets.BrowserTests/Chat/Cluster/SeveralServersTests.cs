using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Cluster;

public sealed class RedisTests(Browser browser, RedisChat cluster) : SeveralServersTests<RedisChat>(browser, cluster);

public sealed class NatsTests(Browser browser, NatsChat cluster) : SeveralServersTests<NatsChat>(browser, cluster);

/// <summary>People on two servers are in one chat.</summary>
public abstract class SeveralServersTests<TCluster>(Browser browser, TCluster cluster) : ClusterPageTests<TCluster>(browser, cluster)
    where TCluster : ChatCluster
{
    [Fact]
    public async Task People_on_two_servers_see_each_other_and_what_they_say()
    {
        var alice = await EnterAsync("alice", Server.Address);
        var bob = await EnterAsync("bob", Server.Other.Address);

        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(bob.People).ToHaveTextAsync(["bob", "alice"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined"]);
        await alice.SayAsync("Hello!");
        await Expect(bob.Texts).ToHaveTextAsync(["Hello!"]);
        await bob.SayAsync("Hi, alice");
        foreach (var page in new[] { alice, bob })
        {
            await Expect(page.Texts).ToHaveTextAsync(["Hello!", "Hi, alice"]);
            await Expect(page.Get("message-user")).ToHaveTextAsync(["alice", "bob"]);
        }

        await bob.Page.CloseAsync();
        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined", "bob left"]);
    }

    [Fact]
    public async Task A_room_on_another_server_is_listed_and_can_be_entered()
    {
        var alice = await EnterAsync("alice", Server.Address);
        var bob = await EnterAsync("bob", Server.Other.Address);
        await bob.JoinAsync("tea");
        await bob.SayAsync("Earl Grey?");

        await Expect(alice.Room("tea").GetByTestId("room-people")).ToHaveTextAsync("1");
        await alice.GoToAsync("tea");

        // What was said before is on the other server.
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(alice.Get("loss")).ToContainTextAsync(["before you came"]);
        await bob.SayAsync("Or oolong?");
        await Expect(alice.Texts).ToHaveTextAsync(["Or oolong?"]);
    }

    [Fact]
    public async Task Tabs_of_one_person_on_two_servers_count_once_and_leave_with_the_last()
    {
        var alice = await EnterAsync("alice", Server.Address);
        var bob = await EnterAsync("bob", Server.Address);
        var tab = await EnterAsync("bob", Server.Other.Address, await OpenContextAsync(null));

        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await bob.Page.CloseAsync();
        await tab.SayAsync("still here");
        await Expect(alice.Texts).ToHaveTextAsync(["still here"]);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined"]);

        await tab.Page.CloseAsync();
        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined", "bob left"]);
    }

    [Fact]
    public async Task Without_the_engine_each_server_goes_on_and_people_are_told_that_messages_may_be_missing()
    {
        var alice = await EnterAsync("alice", Server.Address);
        var bob = await EnterAsync("bob", Server.Other.Address);
        await alice.SayAsync("before");
        await Expect(bob.Texts).ToHaveTextAsync(["before"]);

        await Server.Engine.KillAsync();
        var cutOff = alice.Page.Locator("[data-what=cut-off]");
        for (var said = 1; await cutOff.CountAsync() == 0; said++)
        {
            // The first may be on its way before the driver knows.
            await alice.SayAsync("Anybody there?");
            await Expect(alice.Texts).ToHaveCountAsync(1 + said);
        }

        await Expect(cutOff).ToContainTextAsync("can’t be reached");
        await Server.Engine.StartAsync();

        await Expect(bob.Get("loss").Last).ToContainTextAsync("may be missing here");
        await Expect(alice.Get("loss").Last).ToContainTextAsync("may be missing here");
        await bob.SayAsync("I am, now.");
        await Expect(alice.Texts.Last).ToHaveTextAsync("I am, now.");
        await Expect(bob.Texts).ToHaveTextAsync(["before", "I am, now."]);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await alice.TakePictureAsync($"{Server.GetType().Name}-outage");
    }

    [Fact]
    public async Task Who_was_on_a_server_that_died_vanishes()
    {
        var alice = await EnterAsync("alice", Server.Address);
        var bob = await EnterAsync("bob", Server.Other.Address);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);

        await Server.Other.KillAsync();

        await bob.BeOfflineAsync();
        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await Expect(alice.Page.Locator("#room-subtitle")).ToHaveTextAsync("1 person here");
    }
}
