using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Hubs in the application's services.</summary>
public sealed class HubRegistrationTests : IAsyncDisposable
{
    private readonly List<ConnectionPair> _pairs = [];
    private readonly FakeTimeProvider _time = new();
    private ServiceProvider? _services;

    public async ValueTask DisposeAsync()
    {
        // First, because the hub that is disposed with its services waits for them, on a clock that stands still.
        foreach (var pair in _pairs)
        {
            await pair.DisposeAsync();
        }

        await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task The_hub_is_a_singleton_with_its_options()
    {
        var services = Build(services => services.AddWebSocketHub(options => options.MaxRoomsPerClient = 1));

        var hub = services.GetRequiredService<WebSocketHub>();
        Assert.Same(hub, services.GetRequiredService<WebSocketHub>());
        var client = await AddAsync(hub);
        Assert.Equal(JoinResult.Joined, await client.JoinAsync("a"));
        Assert.Equal(JoinResult.LimitReached, await client.JoinAsync("b"));
    }

    [Fact]
    public async Task It_uses_the_applications_clock_and_JSON_options()
    {
        var services = Build(services =>
        {
            services.AddWebSocketHub();
            services.ConfigureHttpJsonOptions(
                json => json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower);
        });

        var hub = services.GetRequiredService<WebSocketHub>();
        Assert.Same(_time, hub.Time);
        await AddAsync(hub);
        await hub.BroadcastJsonAsync(new Person("Ann"));
        Assert.Equal("""{"first_name":"Ann"}""", (await _pairs[0].Client.NextAsync()).Text);
    }

    [Fact]
    public async Task Hubs_with_keys_are_independent()
    {
        var services = Build(services =>
        {
            Assert.Null(services.AddWebSocketHub().Key);
            var builder = services.AddWebSocketHub("games", options => options.MaxRoomsPerClient = 1);
            Assert.Equal("games", builder.Key);
            Assert.Same(services, builder.Services);
            services.AddWebSocketHub("chat");
        });
        var (plain, games, chat) = (
            services.GetRequiredService<WebSocketHub>(),
            services.GetRequiredKeyedService<WebSocketHub>("games"),
            services.GetRequiredKeyedService<WebSocketHub>("chat"));

        Assert.Distinct([plain, games, chat]);
        var gamer = await AddAsync(games);
        await gamer.JoinAsync("a");
        Assert.Equal(JoinResult.LimitReached, await gamer.JoinAsync("b"));
        var chatter = await AddAsync(chat);
        await chatter.JoinAsync("a");
        Assert.Equal(JoinResult.Joined, await chatter.JoinAsync("b"));
        Assert.Equal((0, 1, 1), (plain.Count, games.Count, chat.Count));
    }

    [Fact]
    public async Task A_class_of_events_is_created_with_its_services()
    {
        var services = Build(services =>
        {
            services.AddSingleton(new Journal());
            services.AddWebSocketHub<JournalEvents>();
        });
        var hub = services.GetRequiredService<WebSocketHub>();

        var client = await AddAsync(hub, "ann");
        Assert.Equal(JoinResult.Joined, await client.JoinAsync("open"));
        Assert.Equal(JoinResult.Refused, await client.JoinAsync("secret"));
        await _pairs[0].Client.EndAsync();
        await client.Departure.Soon();

        Assert.Equal(
            ["connected ann", "joining open", "joining secret", "disconnected ann PeerVanished"],
            services.GetRequiredService<Journal>().Lines);
    }

    [Fact]
    public async Task A_class_of_events_may_take_the_hub()
    {
        var services = Build(services =>
        {
            services.AddSingleton<Roll>();
            services.AddWebSocketHub<RollEvents>();
        });

        // On a thread of its own: what waits for itself here waits for ever.
        var hub = await Task.Run(services.GetRequiredService<WebSocketHub>).Soon();
        await AddAsync(hub, "ann");
        await AddAsync(hub, "bob");

        Assert.Equal("ann joined as number 1", (await _pairs[0].Client.NextAsync()).Text);
        Assert.Equal("bob joined as number 2", (await _pairs[0].Client.NextAsync()).Text);
    }

    [Fact]
    public async Task Hubs_with_keys_have_their_own_events()
    {
        var services = Build(services =>
        {
            services.AddSingleton(new Journal());
            services.AddWebSocketHub<JournalEvents>("one", options => options.MaxRoomsPerClient = 1);
            services.AddWebSocketHub<NoEvents>("two");
        });

        await AddAsync(services.GetRequiredKeyedService<WebSocketHub>("one"), "ann");
        await AddAsync(services.GetRequiredKeyedService<WebSocketHub>("two"), "bob");

        Assert.Equal(["connected ann"], services.GetRequiredService<Journal>().Lines);
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddWebSocketHub<NoEvents>((string)null!));
    }

    [Fact]
    public async Task Services_that_are_disposed_of_synchronously_cut_the_hubs_connections()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddWebSocketHub();
        HubClient client;
        using (var provider = services.BuildServiceProvider())
        {
            client = await AddAsync(provider.GetRequiredService<WebSocketHub>());
        }

        Assert.Equal(CloseCause.Aborted, (await client.Connection.Completion.Soon()).Cause);
        await client.Departure.Soon();
    }

    [Fact]
    public async Task A_class_of_events_need_not_implement_anything()
    {
        var services = Build(services => services.AddWebSocketHub<NoEvents>());

        var client = await AddAsync(services.GetRequiredService<WebSocketHub>());
        Assert.Equal(JoinResult.Joined, await client.JoinAsync("room"));
        await _pairs[0].Client.EndAsync();
        await client.Departure.Soon();
    }

    [Fact]
    public async Task A_class_of_events_that_cannot_be_made_is_found_when_an_endpoint_is_mapped()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddWebSocketHub<JournalEvents>();
        await using var app = builder.Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapWebSocketHub("/ws"));
        Assert.Contains(nameof(Journal), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_configured_goes_before_the_class()
    {
        var services = Build(services =>
        {
            services.AddSingleton(new Journal());
            services.AddWebSocketHub<JournalEvents>(options => options.OnJoining = null);
        });

        var client = await AddAsync(services.GetRequiredService<WebSocketHub>());
        Assert.Equal(JoinResult.Joined, await client.JoinAsync("secret"));
    }

    [Fact]
    public async Task Later_changes_of_the_options_have_no_effect()
    {
        var options = new WebSocketHubOptions { MaxRoomsPerClient = 1 };
        await using var hub = new WebSocketHub(options, time: _time);
        options.MaxRoomsPerClient = 5;
        options.OnJoining = static (_, _, _) => throw new InvalidOperationException("not to be called");

        var client = await AddAsync(hub);
        await client.JoinAsync("a");
        Assert.Equal(JoinResult.LimitReached, await client.JoinAsync("b"));
        client.Connection.Abort();
    }

    [Theory]
    [InlineData(nameof(WebSocketHubOptions.MaxRoomsPerClient), -1, "MaxRoomsPerClient is -1; allowed is zero (no limit) or more.")]
    [InlineData(nameof(WebSocketHubOptions.MaxRoomNameLength), 0, "MaxRoomNameLength is 0; allowed is 1 or more.")]
    [InlineData(nameof(WebSocketHubOptions.MaxClientIdLength), 0, "MaxClientIdLength is 0; allowed is 1 or more.")]
    public async Task A_wrong_option_stops_the_application_at_its_start(string option, int value, string message)
    {
        void Configure(WebSocketHubOptions options) => typeof(WebSocketHubOptions).GetProperty(option)!.SetValue(options, value);

        foreach (var key in new[] { null, "games" })
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IServer, NoServer>();
            _ = key is null ? builder.Services.AddWebSocketHub(Configure) : builder.Services.AddWebSocketHub(key, Configure);
            await using var app = builder.Build();

            var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
            Assert.Equal([message], error.Failures);
        }

        var options = new WebSocketHubOptions();
        Configure(options);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new WebSocketHub(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_options_are_named_at_once()
    {
        var services = Build(services => services.AddWebSocketHub(options =>
        {
            options.MaxRoomsPerClient = -1;
            options.MaxClientIdLength = -1;
        }));

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<WebSocketHub>);
        Assert.Equal(2, error.Failures.Count());
    }

    [Fact]
    public void A_key_must_be_one() => Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddWebSocketHub((string)null!));

    private ServiceProvider Build(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        add(services);
        return _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private async Task<HubClient> AddAsync(WebSocketHub hub, string? id = null)
    {
        var pair = ConnectionPair.Create(time: _time);
        _pairs.Add(pair);
        return await hub.AddAsync(pair.Server, id).Soon();
    }

    private sealed record Person(string FirstName);

    private sealed class Journal
    {
        public List<string> Lines { get; } = [];
    }

    private sealed class JournalEvents(Journal journal) : IHubEvents
    {
        public Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken) => Write($"connected {client.Id}");

        public Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect) =>
            Write($"disconnected {client.Id} {disconnect.Close.Cause}");

        public async ValueTask<bool> OnJoiningAsync(HubClient client, string room, CancellationToken cancellationToken)
        {
            await Write($"joining {room}");
            return room != "secret";
        }

        private Task Write(string line)
        {
            journal.Lines.Add(line);
            return Task.CompletedTask;
        }
    }

    private sealed class NoEvents : IHubEvents;

    private sealed class Roll(WebSocketHub hub)
    {
        public ValueTask<BroadcastResult> CallAsync(string name) => hub.BroadcastTextAsync($"{name} joined as number {hub.Count}");
    }

    private sealed class RollEvents(WebSocketHub hub, Roll roll) : IHubEvents
    {
        public async Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken)
        {
            Assert.Same(hub, client.Hub);
            await roll.CallAsync(client.Id);
        }
    }

    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
