using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Values that the application keeps with a client.</summary>
public sealed class ClientDataTests : IAsyncDisposable
{
    private readonly HubScene _scene = new();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task A_value_is_got_as_what_it_is()
    {
        var client = (await _scene.ConnectAsync()).Client;
        var visits = new List<string> { "home" };
        client.Set("text", "Ann");
        client.Set("number", 7);
        client.Set("absent number", (int?)null);
        client.Set("code", CloseCode.GoingAway);
        client.Set("player", new Player("Ann", 3));
        client.Set("visits", visits);

        Assert.Equal("Ann", client.Get<string>("text"));
        Assert.Equal("Ann", client.Get<object>("text"));
        Assert.Equal((7, 7), (client.Get<int>("number"), client.Get<int?>("number")));
        Assert.Null(client.Get<int?>("absent number"));
        Assert.Equal(CloseCode.GoingAway, client.Get<CloseCode>("code"));
        Assert.Equal(new Player("Ann", 3), client.Get<Player>("player"));
        Assert.Same(visits, client.Get<List<string>>("visits"));
        Assert.Same(visits, client.Get<IReadOnlyList<string>>("visits"));
    }

    [Fact]
    public async Task What_is_not_there_or_of_another_type_is_the_default()
    {
        var client = (await _scene.ConnectAsync()).Client;
        Assert.Equal((0, null), (client.Get<int>("number"), client.Get<string>("number")));

        client.Set("number", 7);

        Assert.Equal((0L, null), (client.Get<long>("number"), client.Get<string>("number")));
        Assert.Equal(0, client.Get<int>("Number"));
        Assert.Equal(default, client.Get<CloseCode>("number"));
    }

    [Fact]
    public async Task A_later_value_takes_the_place_of_an_older_one_whatever_its_type()
    {
        var client = (await _scene.ConnectAsync()).Client;
        client.Set("x", 7);
        client.Set("x", "seven");

        Assert.Equal((0, "seven"), (client.Get<int>("x"), client.Get<string>("x")));
        client.Set<string?>("x", null);
        Assert.Null(client.Get<string>("x"));
        Assert.Throws<ArgumentNullException>(() => client.Set(null!, 1));
        Assert.Throws<ArgumentNullException>(() => client.Get<int>(null!));
    }

    [Fact]
    public async Task Two_connections_of_one_user_have_their_own_values_also_after_their_end()
    {
        var (first, second) = (await _scene.ConnectAsync("ann"), await _scene.ConnectAsync("ann"));
        first.Client.Set("tab", 1);
        second.Client.Set("tab", 2);

        await first.VanishAsync();

        Assert.Equal((1, 2), (first.Client.Get<int>("tab"), second.Client.Get<int>("tab")));
    }

    [Fact]
    public async Task No_value_is_lost_when_many_threads_set_the_first_ones()
    {
        const int Threads = 4;
        for (var round = 0; round < 50; round++)
        {
            var client = (await _scene.ConnectAsync()).Client;
            using var start = new Barrier(Threads);
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
            {
                start.SignalAndWait();
                client.Set($"{thread}", thread);
            }))).Soon();

            Assert.Equal(Enumerable.Range(0, Threads), Enumerable.Range(0, Threads).Select(thread => client.Get<int>($"{thread}")));
        }
    }

    private readonly record struct Player(string Name, int Level);
}
