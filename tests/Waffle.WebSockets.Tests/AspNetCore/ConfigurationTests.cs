using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Where settings come from: the application's defaults, in code or JSON, and what an endpoint changes; and what becomes of wrong ones.</summary>
public class ConfigurationTests
{
    // Every setting of an endpoint, none with its default.
    private const string AllSettings = """
        {
          "WebSockets": {
            "ReadTimeout": "00:01:01",
            "WriteTimeout": "00:00:02",
            "PingInterval": "00:00:03",
            "PongTimeout": "00:00:04",
            "CloseTimeout": "00:00:06",
            "UnreadLimit": "00:00:07",
            "MessageTimeout": "00:00:08",
            "AuthenticationTimeout": "00:00:15",
            "MaxMessageSize": 9,
            "MaxFragments": 10,
            "ReadAheadMessages": 11,
            "SendQueueMaxBytes": 12,
            "SendQueueMaxMessages": 13,
            "WhenQueueFull": "DropOldest",
            "MaxConcurrentHandshakes": 16,
            "HandshakeTimeout": "00:00:17",
            "MaxConnectionAge": "01:00:00",
            "Compression": "ContextTakeover",
            "CompressionThreshold": 14,
            "Subprotocols": [ "two", "one" ],
            "AllowedOrigins": [ "https://*.example.com", "null" ],
            "RequireOrigin": true,
            "DangerouslyAllowAnyOrigin": true,
            "DirectSocket": false
          }
        }
        """;

    [Fact]
    public async Task The_applications_defaults_hold_for_every_endpoint_and_each_changes_a_copy_of_its_own()
    {
        await using var host = await KestrelHost.StartAsync(
            app =>
            {
                app.MapWebSocket("/plain", ReadOneAsync);
                app.MapWebSocket("/wide", ReadOneAsync, options =>
                {
                    options.MaxMessageSize = 20;
                    options.Subprotocols.Insert(0, "wide");
                });
                app.MapWebSocket("/late", ReadOneAsync);
            },
            builder => builder.Services.Configure<WebSocketEndpointOptions>(options =>
            {
                options.MaxMessageSize = 10;
                options.Subprotocols.Add("plain");
            }));

        Assert.Equal(("plain", 1009), await TalkAsync(host, "/plain"));
        Assert.Equal(("wide", 1000), await TalkAsync(host, "/wide"));
        Assert.Equal(("plain", 1009), await TalkAsync(host, "/late"));
    }

    [Fact]
    public async Task What_is_configured_last_wins_and_the_endpoint_at_last()
    {
        var builder = CreateBuilder(
            """{ "WebSockets": { "MaxMessageSize": 2, "MaxFragments": 2, "ReadAheadMessages": 2, "Subprotocols": [ "b" ] } }""");
        builder.Services.Configure<WebSocketEndpointOptions>(options =>
        {
            options.MaxMessageSize = options.MaxFragments = options.ReadAheadMessages = 1;
            options.Subprotocols.Add("a");
        });
        builder.Services.Configure<WebSocketEndpointOptions>(builder.Configuration.GetSection("WebSockets"));
        builder.Services.Configure<WebSocketEndpointOptions>(options => options.MaxFragments = 3);
        await using var app = builder.Build();

        app.MapWebSocket("/ws", (_, _) => Task.CompletedTask, options =>
        {
            Assert.Equal((2, 3, 2), (options.MaxMessageSize, options.MaxFragments, options.ReadAheadMessages));
            Assert.Equal(["a", "b"], options.Subprotocols);
            options.ReadAheadMessages = 4;
        });
        Assert.Equal(2, app.Services.GetRequiredService<IOptions<WebSocketEndpointOptions>>().Value.ReadAheadMessages);
    }

    [Fact]
    public async Task Every_setting_can_come_from_JSON_and_reaches_endpoint_and_connection()
    {
        var shown = new TaskCompletionSource<WebSocketConnectionOptions>();
        var endpoint = new WebSocketEndpointOptions();
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket(
                "/ws",
                (connection, _) =>
                {
                    shown.SetResult(connection.Options);
                    return Task.CompletedTask;
                },
                options => endpoint = options),
            builder =>
            {
                AddJson(builder.Configuration, AllSettings);
                builder.Services.Configure<WebSocketEndpointOptions>(builder.Configuration.GetSection("WebSockets"));
            });
        await using var peer = await host.ConnectPeerAsync("/ws", lines => lines.Add("Origin: https://anywhere.example"));
        var ofConnection = await shown.Task.Soon();

        var (ofEndpoint, defaults) = (Values(endpoint), Values(new WebSocketEndpointOptions()));
        Assert.All(ofEndpoint, value => Assert.NotEqual(defaults[value.Key], value.Value));
        Assert.Equal(ofEndpoint.Where(value => Values(ofConnection).ContainsKey(value.Key)), Values(ofConnection));
        Assert.Equal(
            (TimeSpan.FromSeconds(61), 9, QueueFullPolicy.DropOldest),
            (endpoint.ReadTimeout, endpoint.MaxMessageSize, endpoint.WhenQueueFull));
        Assert.Equal(["two", "one"], endpoint.Subprotocols);
        Assert.Equal(["https://*.example.com", "null"], endpoint.AllowedOrigins);
    }

    [Fact]
    public async Task The_settings_of_hubs_can_come_from_JSON_each_hub_by_its_key()
    {
        var builder = CreateBuilder(
            """{ "Hub": { "MaxRoomsPerClient": 1, "MaxRoomNameLength": 3, "MaxClientIdLength": 4, "MaxMalformedMessages": 5 }, "Games": { "MaxRoomsPerClient": 5 } }""");
        builder.Services.AddWebSocketHub();
        builder.Services.AddWebSocketHub("games");
        builder.Services.Configure<WebSocketHubOptions>(builder.Configuration.GetSection("Hub"));
        builder.Services.Configure<WebSocketHubOptions>("games", builder.Configuration.GetSection("Games"));
        await using var app = builder.Build();

        var hub = app.Services.GetRequiredService<WebSocketHub>().Options;
        var games = app.Services.GetRequiredKeyedService<WebSocketHub>("games").Options;
        Assert.Equal((1, 3, 4, 5), (hub.MaxRoomsPerClient, hub.MaxRoomNameLength, hub.MaxClientIdLength, hub.MaxMalformedMessages));
        Assert.Equal((5, 256, 256), (games.MaxRoomsPerClient, games.MaxRoomNameLength, games.MaxClientIdLength));
    }

    [Theory]
    [InlineData("WebSockets", "ReadTimeout", "-00:00:01", "ReadTimeout is -00:00:01; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "WriteTimeout", "25.00:00:00", "WriteTimeout is 25.00:00:00; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "PingInterval", "30", "PingInterval is 30.00:00:00; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "PongTimeout", "-1", "PongTimeout is -1.00:00:00; allowed is zero (as PingInterval) or more, up to 24 days.")]
    [InlineData("WebSockets", "CloseTimeout", "00:00:00", "CloseTimeout is 00:00:00; allowed is 1 ms up to 24 days.")]
    [InlineData("WebSockets", "UnreadLimit", "-1", "UnreadLimit is -1.00:00:00; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "MessageTimeout", "-1", "MessageTimeout is -1.00:00:00; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "AuthenticationTimeout", "-1", "AuthenticationTimeout is -1.00:00:00; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "MaxMessageSize", "0", "MaxMessageSize is 0; allowed is 1 to 1073741824.")]
    [InlineData("WebSockets", "MaxMessageSize", "1073741825", "MaxMessageSize is 1073741825; allowed is 1 to 1073741824.")]
    [InlineData("WebSockets", "MaxFragments", "-1", "MaxFragments is -1; allowed is 0 to 2147483647.")]
    [InlineData("WebSockets", "ReadAheadMessages", "0", "ReadAheadMessages is 0; allowed is 1 to 2147483647.")]
    [InlineData("WebSockets", "SendQueueMaxBytes", "0", "SendQueueMaxBytes is 0; allowed is 1 to 2147483647.")]
    [InlineData("WebSockets", "SendQueueMaxMessages", "-1", "SendQueueMaxMessages is -1; allowed is 0 to 2147483647.")]
    [InlineData("WebSockets", "MaxConcurrentHandshakes", "-1", "MaxConcurrentHandshakes is -1; allowed is 0 to 2147483647.")]
    [InlineData("WebSockets", "HandshakeTimeout", "-1", "HandshakeTimeout is -1.00:00:00; allowed is zero (off) or more, up to 24 days.")]
    [InlineData("WebSockets", "WhenQueueFull", "7", "WhenQueueFull is 7; allowed are Disconnect, DropNewest, DropOldest, Wait.")]
    [InlineData(
        "WebSockets", "Subprotocols:0", "two words",
        "Subprotocols has \"two words\"; allowed are names of letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 4.1).")]
    [InlineData("WebSockets", "AllowedOrigins:0", "https://a.example/x", "AllowedOrigins: The allowed origin 'https://a.example/x' ")]
    [InlineData("Hub", "MaxRoomsPerClient", "-1", "MaxRoomsPerClient is -1; allowed is zero (no limit) or more.")]
    [InlineData("Hub", "MaxMalformedMessages", "-1", "MaxMalformedMessages is -1; allowed is zero (no limit) or more.")]
    [InlineData("Hub", "MaxRoomNameLength", "0", "MaxRoomNameLength is 0; allowed is 1 or more.")]
    [InlineData("Hub", "MaxClientIdLength", "0", "MaxClientIdLength is 0; allowed is 1 or more.")]
    public async Task A_wrong_value_stops_the_application_at_its_start_with_a_sentence(
        string section, string name, string value, string sentence)
    {
        await using var app = CreateHubApp(section, name, value);

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        var failure = Assert.Single(error.Failures);
        Assert.StartsWith(sentence, failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "WebSockets", "PingInterval", "soon",
        "Failed to convert configuration value 'soon' at 'WebSockets:PingInterval' to type 'System.TimeSpan'.")]
    [InlineData(
        "WebSockets", "MaxMessageSize", "big",
        "Failed to convert configuration value 'big' at 'WebSockets:MaxMessageSize' to type 'System.Int32'.")]
    [InlineData(
        "WebSockets", "WhenQueueFull", "Explode",
        "Failed to convert configuration value 'Explode' at 'WebSockets:WhenQueueFull' to type 'Waffle.WebSockets.QueueFullPolicy'.")]
    [InlineData(
        "Hub", "MaxRoomsPerClient", "few",
        "Failed to convert configuration value 'few' at 'Hub:MaxRoomsPerClient' to type 'System.Int32'.")]
    [InlineData(
        "WebSockets", "PingIntervall", "00:00:15",
        "'ErrorOnUnknownConfiguration' was set on the provided BinderOptions, but the following properties were not found on the instance of "
            + "Waffle.WebSockets.WebSocketEndpointOptions: 'PingIntervall'")]
    public async Task A_value_that_cannot_be_read_stops_it_and_is_named_with_its_place(string section, string name, string value, string message)
    {
        await using var app = CreateHubApp(section, name, value);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task All_wrong_origins_are_named()
    {
        await using var app = CreateBuilder("{}").Build();

        var error = Assert.Throws<OptionsValidationException>(() => app.MapWebSocket("/ws", (_, _) => Task.CompletedTask, options =>
        {
            options.AllowedOrigins.Add("https://a.example");
            options.AllowedOrigins.Add("no scheme://b.example");
            options.AllowedOrigins.Add("https://c.example/path");
        }));
        Assert.Collection(
            error.Failures,
            failure => Assert.Contains("'no scheme://b.example'", failure, StringComparison.Ordinal),
            failure => Assert.Contains("'https://c.example/path'", failure, StringComparison.Ordinal));
        Assert.All(error.Failures, failure => Assert.DoesNotContain("Parameter", failure, StringComparison.Ordinal));
    }

    private static async Task ReadOneAsync(WebSocketConnection connection, CancellationToken cancellationToken) =>
        await connection.ReadBinaryAsync(cancellationToken);

    /// <summary>Sends 15 bytes: the subprotocol that the endpoint chose, and the code that it closed with.</summary>
    private static async Task<(string Subprotocol, int Code)> TalkAsync(KestrelHost host, string path)
    {
        const string Header = "Sec-WebSocket-Protocol: ";
        var (head, transport) = await RawHandshake.SendAsync(
            await host.ConnectAsync(), RawHandshake.Request(path, lines => lines.Add(Header + "wide, plain")));
        await using var peer = new RawPeer(transport);
        await peer.SendBinaryAsync(new byte[15]);
        var close = await peer.NextAsync();
        var subprotocol = head.Split("\r\n").Single(line => line.StartsWith(Header, StringComparison.Ordinal))[Header.Length..];
        return (subprotocol, (int)close.CloseCode!);
    }

    private static WebApplication CreateHubApp(string section, string name, string value)
    {
        var builder = CreateBuilder("{}");
        builder.Configuration[$"{section}:{name}"] = value;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWebSocketHub();
        builder.Services.AddOptions<WebSocketEndpointOptions>()
            .Bind(builder.Configuration.GetSection("WebSockets"), binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddOptions<WebSocketHubOptions>()
            .Bind(builder.Configuration.GetSection("Hub"), binder => binder.ErrorOnUnknownConfiguration = true);
        return builder.Build();
    }

    private static WebApplicationBuilder CreateBuilder(string json)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        AddJson(builder.Configuration, json);
        return builder;
    }

    private static void AddJson(ConfigurationManager configuration, string json) =>
        configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static Dictionary<string, object?> Values(object options) =>
        options.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .ToDictionary(property => property.Name, property => property.GetValue(options) switch
            {
                IEnumerable<string> list => string.Join('|', list),
                var value => value,
            });
}
