using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Cluster;

/// <summary>Two servers behind a real nginx with the configuration of docs/scaling-out.md, which sends anybody to any of them.</summary>
public sealed partial class NginxTests(Browser browser, RedisChat cluster) : ClusterPageTests<RedisChat>(browser, cluster)
{
    [Fact]
    public async Task People_on_two_servers_behind_nginx_meet()
    {
        await using var nginx = await StartAsync();
        var (alice, bob) = await EnterBothAsync(nginx.Address);

        await alice.SayAsync("Hello!");
        await Expect(bob.Texts).ToHaveTextAsync(["Hello!"]);
        await bob.SayAsync("Hi, alice");
        await Expect(alice.Texts).ToHaveTextAsync(["Hello!", "Hi, alice"]);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
    }

    [Fact]
    public async Task Who_was_on_a_server_that_died_comes_back_on_the_other()
    {
        await using var nginx = await StartAsync();
        var (alice, bob) = await EnterBothAsync(nginx.Address);
        await bob.SayAsync("before");
        await Expect(alice.Texts).ToHaveTextAsync(["before"]);
        var wasOn = await ServerOfAsync(alice);

        await Server.Other.KillAsync();
        await Wait.Eventually(
            async () => await ServerOfAsync(alice) is { Length: > 0 } server && server == await ServerOfAsync(bob),
            "both are on the server that is left");

        var (moved, stayed) = await ServerOfAsync(alice) == wasOn ? (bob, alice) : (alice, bob);
        await Expect(moved.Get("loss").Last).ToContainTextAsync("may be missing here");
        await stayed.SayAsync("after");
        await Expect(moved.Texts).ToHaveTextAsync(["before", "after"]);
        await Expect(moved.People).ToHaveCountAsync(2);
        await Expect(stayed.People).ToHaveCountAsync(2);
    }

    // What its lamp says; nothing while it is not connected.
    private static async Task<string> ServerOfAsync(ChatPage page) =>
        await page.Get("connection-state").GetAttributeAsync("title") ?? string.Empty;

    private static async Task SeeServerAsync(ChatPage page)
    {
        await page.BeOnlineAsync();
        await Expect(page.Get("connection-state")).ToHaveAttributeAsync("title", ServerTitle());
    }

    [GeneratedRegex("^Connected to .")]
    private static partial Regex ServerTitle();

    private async Task<NginxProcess> StartAsync()
    {
        var block = NginxProcess.ReadBlock("scaling-out.md");
        block = NginxProcess.Replace(block, "10.0.0.11:5000", Server.Address.Authority);
        block = NginxProcess.Replace(block, "10.0.0.12:5000", Server.Other.Address.Authority);
        return await NginxProcess.StartAsync(address => NginxProcess.Replace(block, "listen 80;", $"listen {address};"));
    }

    /// <summary>Two people on two servers: nobody is made to stay on one, so that connecting again is enough to change.</summary>
    private async Task<(ChatPage Alice, ChatPage Bob)> EnterBothAsync(Uri address)
    {
        var alice = await EnterAsync("alice", address);
        await SeeServerAsync(alice);
        var bob = await EnterAsync("bob", address);
        await SeeServerAsync(bob);
        while (await ServerOfAsync(alice) == await ServerOfAsync(bob))
        {
            await bob.Page.ReloadAsync();
            await SeeServerAsync(bob);
        }

        await Expect(bob.People).ToHaveTextAsync(["bob", "alice"]);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        return (alice, bob);
    }
}
