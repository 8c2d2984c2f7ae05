using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using static Waffle.WebSockets.Tests.Routing.HandlerScene;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Handlers that are classes: made anew for each message, with the services of a scope of its own.</summary>
public sealed class HandlerClassTests
{
    private const string Message = """{"type":"work","payload":"do","id":"7"}""";

    [Fact]
    public async Task Each_message_has_a_scope_and_all_in_it_are_of_that_scope()
    {
        await using var services = Build();
        await using var scene = await RouterScene.StartAsync(new MessageRouter().On<string, Worker>("work"), services: services);

        Assert.Equal("do 1 1", await scene.AskAsync(Message));
        Assert.Equal("do 2 2", await scene.AskAsync(Message));

        await scene.CloseAsync();
        Assert.Equal(["unit 1 disposed", "unit 2 disposed"], services.GetRequiredService<Journal>().Lines);
        Assert.Empty(scene.Logs.Lines);
    }

    [Theory]
    [InlineData("do")]
    [InlineData("reject")]
    [InlineData("reject late")]
    [InlineData("fail")]
    public async Task The_scope_ends_with_the_message_whatever_becomes_of_it(string payload)
    {
        await using var services = Build();
        await using var scene = await RouterScene.StartAsync(new MessageRouter().On<string, Worker>("work"), services: services);

        await scene.AskAsync($$"""{"type":"work","payload":"{{payload}}"}""");

        // The second message comes after the end of the first one.
        Assert.Equal("do 2 2", await scene.AskAsync(Message));
        Assert.Equal("unit 1 disposed", services.GetRequiredService<Journal>().Lines.First());
    }

    [Fact]
    public async Task What_the_class_throws_is_answered_with_the_id()
    {
        await using var services = Build();
        await using var scene = await RouterScene.StartAsync(new MessageRouter().On<string, Worker>("work"), services: services);

        Assert.Equal(
            """{"type":"error","payload":{"code":"rejected","message":"No."},"id":"7"}""",
            await scene.AskAsync("""{"type":"work","payload":"reject late","id":"7"}"""));
        Assert.Empty(scene.Logs.Lines);
        Assert.Equal(
            """{"type":"error","payload":{"code":"internal_error","message":"The message could not be handled."},"id":"8"}""",
            await scene.AskAsync("""{"type":"work","payload":"fail","id":"8"}"""));
        Assert.IsType<FormatException>(Assert.Single(scene.Logs.Lines).Error);
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_costs_no_scope()
    {
        await using var services = Build();
        await using var scene = await RouterScene.StartAsync(new MessageRouter().On<string, Worker>("work"), services: services);

        Assert.Contains(
            "\"invalid_payload\"", await scene.AskAsync("""{"type":"work","payload":7,"id":"7"}"""), StringComparison.Ordinal);
        Assert.Empty(services.GetRequiredService<Journal>().Lines);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ServiceLifetime.Transient)]
    [InlineData(ServiceLifetime.Scoped)]
    public async Task A_disposable_class_is_disposed_of_once_before_its_scope(ServiceLifetime? lifetime)
    {
        await using var services = Build(services =>
        {
            if (lifetime is { } known)
            {
                services.Add(new ServiceDescriptor(typeof(Disposable), typeof(Disposable), known));
                services.Add(new ServiceDescriptor(typeof(AsyncDisposable), typeof(AsyncDisposable), known));
                services.Add(new ServiceDescriptor(typeof(TwiceDisposable), typeof(TwiceDisposable), known));
            }
        });
        var router = new MessageRouter()
            .On<string, Disposable>("sync").On<string, AsyncDisposable>("async").On<string, TwiceDisposable>("both");
        await using var scene = await RouterScene.StartAsync(router, services: services);

        foreach (var type in new[] { "sync", "async", "both" })
        {
            foreach (var payload in new[] { "do", "fail" })
            {
                await scene.SendAsync($$"""{"type":"{{type}}","payload":"{{payload}}"}""");
            }
        }

        await scene.Peer.NextTextAsync();
        await scene.Peer.NextTextAsync();
        await scene.Peer.NextTextAsync();
        await scene.CloseAsync();
        Assert.Equal(
            [
                "sync 1 disposed", "unit 1 disposed", "sync 2 disposed", "unit 2 disposed",
                "async 3 disposed", "unit 3 disposed", "async 4 disposed", "unit 4 disposed",
                "both 5 disposed asynchronously", "unit 5 disposed", "both 6 disposed asynchronously", "unit 6 disposed",
            ],
            services.GetRequiredService<Journal>().Lines);
    }

    [Fact]
    public async Task A_registered_singleton_handles_all_messages_and_lives_as_long_as_its_services()
    {
        await using var services = Build(static services => services.AddSingleton<Counter>());
        await using (var scene = await RouterScene.StartAsync(new MessageRouter().On<string, Counter>("work"), services: services))
        {
            Assert.Equal("1", await scene.AskAsync(Message));
            Assert.Equal("2", await scene.AskAsync(Message));
        }

        var journal = services.GetRequiredService<Journal>();
        Assert.Empty(journal.Lines);
        await services.DisposeAsync();
        Assert.Equal(["counter disposed"], journal.Lines);
    }

    [Fact]
    public async Task A_class_that_cannot_be_made_is_a_fault_of_that_message_only()
    {
        await using var services = Build();
        var router = new MessageRouter().On<string, Broken>("broken").On<string, Needy>("needy").On<string, Worker>("work");
        await using var scene = await RouterScene.StartAsync(router, services: services);

        foreach (var type in new[] { "broken", "needy" })
        {
            var reply = await scene.AskAsync($$"""{"type":"{{type}}","payload":"do","id":"7"}""");
            Assert.Contains("\"internal_error\"", reply, StringComparison.Ordinal);
            Assert.EndsWith(",\"id\":\"7\"}", reply, StringComparison.Ordinal);
        }

        Assert.Equal(2, scene.Logs.Lines.Count);
        Assert.StartsWith("do", await scene.AskAsync(Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_without_services_is_told_at_once()
    {
        var router = new MessageRouter().On<string, Worker>("work");
        await using var scene = await RouterScene.StartAsync(new MessageRouter());
        var client = scene.Peer.Client;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => router.RunAsync(client));
        Assert.Contains("AddWebSocketHub", error.Message, StringComparison.Ordinal);
        Assert.False(client.Connection.IsClosed);

        // A single message has its sender to be told.
        await router.RouteAsync(client, Encoding.UTF8.GetBytes(Message));
        Assert.Contains("\"internal_error\"", await scene.Peer.NextTextAsync(), StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(Assert.Single(scene.Logs.Lines).Error);
    }

    [Fact]
    public async Task A_class_may_handle_messages_beside_each_other()
    {
        await using var services = Build();
        var router = new MessageRouter().On<string, Worker>("work", new MessageRouteOptions { MaxConcurrency = 4 });
        await using var scene = await RouterScene.StartAsync(router, services: services);

        for (var i = 0; i < 100; i++)
        {
            await scene.SendAsync(Message);
        }

        for (var i = 0; i < 100; i++)
        {
            Assert.StartsWith("do", await scene.Peer.NextTextAsync(), StringComparison.Ordinal);
        }

        await scene.CloseAsync();
        var lines = services.GetRequiredService<Journal>().Lines;
        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"unit {number} disposed").Order(), lines.Order());
    }

    [Fact]
    public void The_trimmer_keeps_the_constructors()
    {
        var method = Assert.Single(
            typeof(MessageRouter).GetMethods(), method => method.Name == "On" && method.GetGenericArguments().Length == 2);

        var kept = (DynamicallyAccessedMembersAttribute)Assert.Single(
            method.GetGenericArguments()[1].GetCustomAttributes(typeof(DynamicallyAccessedMembersAttribute), inherit: false));
        Assert.Equal(DynamicallyAccessedMemberTypes.PublicConstructors, kept.MemberTypes);
    }

    private static async Task DoAsync(HubClient client, string work, string reply, CancellationToken cancellationToken)
    {
        switch (work)
        {
            case "reject":
                throw new MessageRejectedException("rejected", "No.");
            case "reject late":
                await Task.Yield();
                throw new MessageRejectedException("rejected", "No.");
            case "fail":
                throw new FormatException("secret");
            default:
                await client.SendTextAsync(reply, default, cancellationToken);
                break;
        }
    }

    private sealed class Worker(Unit unit, Companion companion) : IMessageHandler<string>
    {
        public Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) =>
            DoAsync(client, message, $"{message} {unit.Number} {companion.Unit.Number}", cancellationToken);
    }

    private sealed class Disposable(Journal journal, Unit unit) : IMessageHandler<string>, IDisposable
    {
        public Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) => QuietlyAsync(message);

        public void Dispose() => journal.Write($"sync {unit.Number} disposed");
    }

    private sealed class AsyncDisposable(Journal journal, Unit unit) : IMessageHandler<string>, IAsyncDisposable
    {
        public Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) => QuietlyAsync(message);

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            journal.Write($"async {unit.Number} disposed");
        }
    }

    private sealed class TwiceDisposable(Journal journal, Unit unit) : IMessageHandler<string>, IDisposable, IAsyncDisposable
    {
        public Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) => QuietlyAsync(message);

        public void Dispose() => journal.Write($"both {unit.Number} disposed");

        public ValueTask DisposeAsync()
        {
            journal.Write($"both {unit.Number} disposed asynchronously");
            return default;
        }
    }

    private sealed class Counter(Journal journal) : IMessageHandler<string>, IDisposable
    {
        private int _count;

        public async Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) =>
            await client.SendTextAsync($"{++_count}", default, cancellationToken);

        public void Dispose() => journal.Write("counter disposed");
    }

    private sealed class Broken : IMessageHandler<string>
    {
        public Broken() => throw new FormatException("secret");

        public Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Needy(IComparer<Uri> missing) : IMessageHandler<string>
    {
        public Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) =>
            Task.FromResult(missing.Compare(null, null));
    }

    private static Task QuietlyAsync(string work) => work == "fail" ? throw new FormatException("secret") : Task.CompletedTask;
}
