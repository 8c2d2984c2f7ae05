using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Hubs;

/// <summary>Between a hub and the backplane: publishes what is broadcast here, and broadcasts here what other servers have published.</summary>
internal sealed class BackplaneBridge : ILinkOwner, IAsyncDisposable
{
    private readonly WebSocketHub _hub;
    private readonly BackplaneLink _link;
    private readonly TimeSpan _joinTimeout;
    private readonly GapCallbacks _gaps;

    private BackplaneBridge(WebSocketHub hub, IBackplane backplane, BackplaneOptions options)
    {
        _hub = hub;
        _joinTimeout = options.JoinTimeout;
        _gaps = new GapCallbacks(hub);
        ServerName = options.ServerName;
        _link = new BackplaneLink(
            backplane, options, this, hub.Time, new BackplaneMetrics(hub.Services?.GetService<IMeterFactory>()), BackplaneServices.CreateLogger(hub.Services?.GetService<ILoggerFactory>()));
    }

    public BackplaneLink Link => _link;

    /// <summary>This server's name.</summary>
    public string ServerName { get; }

    bool ILinkOwner.IsPublisherOnly => false;

    int ILinkOwner.Clients => _hub.Count;

    /// <exception cref="ArgumentException">An option has a value that is not allowed; the message names it.</exception>
    public static BackplaneBridge Create(WebSocketHub hub, IBackplane backplane, BackplaneOptions? options)
    {
        options = options?.Snapshot() ?? new BackplaneOptions();
        options.HubName ??= BackplaneServices.DefaultHubName;
        BackplaneOptionsRules.ThrowIfInvalid(options);
        return new BackplaneBridge(hub, backplane, options);
    }

    public void Start() => _link.Start();

    public PublishOutcome Publish(ChannelScope scope, OutboundFrame frame, in SendOptions options)
    {
        frame.AddReferences(1);
        return _link.Publications.Publish(scope, ToAttributes(frame, options), frame);
    }

    public PublishOutcome Publish(IReadOnlyList<ChannelScope> rooms, OutboundFrame frame, in SendOptions options)
    {
        frame.AddReferences(rooms.Count);
        return _link.Publications.Publish(rooms, ToAttributes(frame, options), frame);
    }

    /// <summary>Somebody has come: returns when what others publish for him arrives, or after a time.</summary>
    public async ValueTask OnConnectedAsync(string user)
    {
        var forAll = OnJoinedAsync(ChannelScope.Hub);
        await OnJoinedAsync(new ChannelScope(ScopeKind.User, user));
        await forAll;
    }

    /// <summary>Somebody has become a member: returns when what others publish arrives, or after a time.</summary>
    public ValueTask OnJoinedAsync(ChannelScope scope)
    {
        var confirmed = _link.OnMembersChanged(scope);
        if (confirmed.IsCompletedSuccessfully)
        {
            return ValueTask.CompletedTask;
        }

        if (_link.State != EngineState.Away)
        {
            return WaitAsync(scope, confirmed);
        }

        // Nobody knows how long that would be.
        _link.WaitNoMore(scope);
        return ValueTask.CompletedTask;
    }

    /// <summary>The last member may have left.</summary>
    public void OnLeft(ChannelScope scope) => _ = _link.OnMembersChanged(scope);

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        _gaps.Dispose();
    }

    bool ILinkOwner.HasMembers(ChannelScope scope) => Find(scope) is { Count: > 0 };

    void ILinkOwner.OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message)
    {
        var options = new SendOptions
        {
            ExceptConnection = attributes.ExceptConnection,
            Key = attributes.Key,
            WhenQueueFull = attributes.WhenQueueFull,
            Compress = attributes.Compress,
        };
        var frame = OutboundFrame.Rent(attributes.Kind == MessageKind.Text ? Opcode.Text : Opcode.Binary, message);
        try
        {
            var groups = attributes.Rooms is { } rooms ? _hub.FindRooms(rooms.Names) : new MemberGroups(Find(scope));
            FanOut.Send(groups, frame, options, publication: default);
        }
        finally
        {
            frame.Release();
        }
    }

    void ILinkOwner.OnDisconnect(ChannelScope scope, in DisconnectOrder order)
    {
        foreach (var member in new MemberGroups(Find(scope)).Snapshot())
        {
            member.Connection.BeginClose(order.Code, order.Reason);
        }
    }

    void ILinkOwner.OnGap(GapReport report) => _gaps.Tell(new HubGap(
        report.Cause,
        report.Missing,
        report.Server is { } server ? _link.FindName(server) : null,
        report.Scopes.Contains(ChannelScope.Hub),
        Names(report.Scopes, ScopeKind.Room),
        report.Scopes.Contains(ChannelScope.Hub) ? [] : Names(report.Scopes, ScopeKind.User)));

    IReadOnlyList<AnsweredMember> ILinkOwner.FindMembers(IReadOnlyList<ChannelScope> scopes) =>
        [.. FindGroups(scopes).Snapshot().Select(static client => new AnsweredMember(client.Id, client.Connection.Id))];

    int ILinkOwner.CountMembers(IReadOnlyList<ChannelScope> scopes) => FindGroups(scopes).Count;

    private static string[] Names(IReadOnlyList<ChannelScope> scopes, ScopeKind kind) =>
        [.. scopes.Where(scope => scope.Kind == kind).Select(static scope => scope.Name)];

    private static MessageAttributes ToAttributes(OutboundFrame frame, in SendOptions options) => new()
    {
        Kind = frame.Opcode == Opcode.Text ? MessageKind.Text : MessageKind.Binary,
        Key = options.Key,
        WhenQueueFull = options.WhenQueueFull,
        Compress = options.Compress,
        ExceptConnection = options.ExceptConnection,
    };

    private MemberGroup? Find(ChannelScope scope) => scope.Kind switch
    {
        ScopeKind.Hub => _hub.Everybody,
        ScopeKind.Room => _hub.RoomTable.Find(scope.Name),
        ScopeKind.User => _hub.Users.Find(scope.Name),
        _ => null,
    };

    private MemberGroups FindGroups(IReadOnlyList<ChannelScope> scopes) => scopes.Count == 1
        ? new MemberGroups(Find(scopes[0]))
        : _hub.FindRooms([.. scopes.Select(static scope => scope.Name)]);

    private async ValueTask WaitAsync(ChannelScope scope, Task confirmed)
    {
        try
        {
            await confirmed.WaitAsync(_joinTimeout, _hub.Time);
        }
        catch (TimeoutException)
        {
            _link.WaitNoMore(scope);
        }
    }
}
