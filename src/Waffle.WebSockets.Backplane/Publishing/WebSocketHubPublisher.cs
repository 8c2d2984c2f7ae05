using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>Sends to the clients of a hub's servers from a process that has none of them, such as a worker or a job, through the same backplane.</summary>
/// <remarks>
/// Publishing never waits and never throws for the engine: it says whether the message was taken. <see cref="WaitUntilReadyAsync"/> waits for the engine once, which a
/// job does before its first message; <see cref="DisposeAsync"/> publishes what still waits, for a second at most. Safe to use from any thread.
/// </remarks>
/// <example>
/// <code>
/// await publisher.WaitUntilReadyAsync(ct);
/// publisher.Room("orders").PublishEvent("shipped", new { id = 7 });
/// publisher.User("alice").PublishText("Your order is on its way.");
/// </code>
/// </example>
public sealed class WebSocketHubPublisher : PublishTarget, IAsyncDisposable, IDisposable
{
    private readonly BackplaneLink _link;
    private readonly PublisherOwner _owner = new();

    /// <summary>Creates a publisher, which begins to connect.</summary>
    /// <param name="backplane">The way to the servers; disposed of with the publisher.</param>
    /// <param name="options">Copied; the hub's name has to be that of the servers. <see langword="null"/>: the defaults.</param>
    /// <param name="serializerOptions">For what is sent as JSON; <see langword="null"/>: the web's defaults.</param>
    /// <param name="time">The clock; <see langword="null"/>: the system's.</param>
    /// <param name="loggers">Where logs go; <see langword="null"/>: nowhere.</param>
    /// <param name="meters">Makes its meter; <see langword="null"/>: one that all share who have none.</param>
    /// <exception cref="ArgumentException">An option has a value that is not allowed; the message names it.</exception>
    public WebSocketHubPublisher(
        IBackplane backplane,
        BackplaneOptions? options = null,
        JsonSerializerOptions? serializerOptions = null,
        TimeProvider? time = null,
        ILoggerFactory? loggers = null,
        IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(backplane);
        options = options?.Snapshot() ?? new BackplaneOptions();
        options.HubName ??= BackplaneServices.DefaultHubName;
        BackplaneOptionsRules.ThrowIfInvalid(options);
        Json = serializerOptions ?? MessageJsonDefaults.Options;
        _link = new BackplaneLink(
            backplane,
            options,
            _owner,
            time ?? TimeProvider.System,
            new BackplaneMetrics(meters),
            BackplaneServices.CreateLogger(loggers));
        _link.Start();
    }

    internal JsonSerializerOptions Json { get; }

    private protected override WebSocketHubPublisher Publisher => this;

    private protected override IReadOnlyList<ChannelScope> Scopes { get; } = [ChannelScope.Hub];

    /// <summary>Waits until the engine is there, for the first time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The publisher was disposed of before.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => _link.There.WaitAsync(cancellationToken);

    /// <summary>The members of a room.</summary>
    public PublishTarget Room(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new ScopeTarget(this, [new ChannelScope(ScopeKind.Room, name)]);
    }

    /// <summary>The members of several rooms, each of them once however many of the rooms it is in.</summary>
    public PublishTarget Rooms(params IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new ScopeTarget(this, [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(static name => new ChannelScope(ScopeKind.Room, name))]);
    }

    /// <summary>All connections of a user.</summary>
    public PublishTarget User(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new ScopeTarget(this, [new ChannelScope(ScopeKind.User, id)]);
    }

    /// <summary>Publishes what still waits, for a second at most, and disposes of the backplane.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    /// <summary>Begins what <see cref="DisposeAsync"/> does, and does not wait for it: what still waits to be published may be lost.</summary>
    public void Dispose() => _ = _link.DisposeAsync().AsTask();

    internal PublishStatus Publish(IReadOnlyList<ChannelScope> scopes, MessageAttributes attributes, ReadOnlyMemory<byte> message) =>
        _link.Publications.Count(_link.Publications.Publish(scopes, attributes, new PublishedArray(message)));

    internal PublishStatus PublishDisconnect(IReadOnlyList<ChannelScope> scopes, in DisconnectOrder order) =>
        _link.Publications.Count(_link.Publications.PublishDisconnect(scopes, order));

    private sealed class ScopeTarget(WebSocketHubPublisher publisher, IReadOnlyList<ChannelScope> scopes) : PublishTarget
    {
        private protected override WebSocketHubPublisher Publisher => publisher;

        private protected override IReadOnlyList<ChannelScope> Scopes => scopes;
    }

    private sealed class PublisherOwner : ILinkOwner
    {
        public bool IsPublisherOnly => true;

        public int Clients => 0;

        public bool HasMembers(ChannelScope scope) => false;

        public void OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message)
        {
        }

        public void OnDisconnect(ChannelScope scope, in DisconnectOrder order)
        {
        }

        public void OnGap(GapReport report)
        {
        }

        public IReadOnlyList<AnsweredMember> FindMembers(IReadOnlyList<ChannelScope> scopes) => [];

        public int CountMembers(IReadOnlyList<ChannelScope> scopes) => 0;
    }
}
