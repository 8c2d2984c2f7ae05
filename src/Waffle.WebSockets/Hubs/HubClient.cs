using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets;

/// <summary>A connection that belongs to a hub: it can be named, join rooms, and be sent to. Safe to use from any thread.</summary>
/// <remarks>Sends never wait for the client, unless their policy is <see cref="QueueFullPolicy.Wait"/>; each says what became of it.</remarks>
/// <example>
/// <code>
/// await client.JoinAsync("tea", ct);
/// client.Set("score", 10);
///
/// if (await client.SendEventAsync("welcome", new { room = "tea" }, default, ct) == SendStatus.Queued)
/// {
///     await client.Hub.Room("tea").BroadcastEventAsync("user_joined", new { user = client.Id }, new SendOptions { Except = client }, ct);
/// }
/// </code>
/// </example>
public sealed class HubClient : IAsyncDisposable
{
    private readonly ClientRooms _rooms;
    private ConcurrentDictionary<string, object?>? _data;
    private MalformedMessages? _malformed;
    private OneTimeEvent _connected;
    private OneTimeEvent _left;

    internal HubClient(WebSocketHub hub, WebSocketConnection connection, string id)
    {
        Hub = hub;
        Connection = connection;
        Id = id;
        _rooms = new ClientRooms(this, hub.RoomTable, hub.Options.MaxRoomsPerClient);
    }

    /// <summary>The application's name for the client. It may repeat: one user, many tabs. <see cref="WebSocketConnection.Id"/> is unique.</summary>
    public string Id { get; }

    /// <summary>The connection.</summary>
    public WebSocketConnection Connection { get; }

    /// <summary>The hub that the client belongs to.</summary>
    public WebSocketHub Hub { get; }

    /// <summary>The rooms that the client is in now; empty once its connection has ended.</summary>
    public IReadOnlyCollection<HubRoom> Rooms => Array.ConvertAll(_rooms.Names, Hub.Room);

    /// <summary>Completes when the hub's connect callback has ended.</summary>
    internal Task Connected => _connected.Task;

    /// <summary>Completes when the client has left its rooms and the hub.</summary>
    internal Task Left => _left.Task;

    /// <summary>Ends when the client has left the hub and the disconnect callback has ended.</summary>
    internal Task Departure { get; set; } = Task.CompletedTask;

    /// <summary>The hub was closed when the client came, so that its callbacks are not called for it.</summary>
    internal bool WasRefused { get; set; }

    /// <summary>The client's place in the hub and, if it has a name of its own, among its user's connections.</summary>
    internal (Membership InHub, Membership? OfUser) Memberships { get; set; }

    /// <summary>The application gave no name, so that the connection's own stands for it.</summary>
    internal bool IsUnnamed => ReferenceEquals(Id, Connection.Id);

    /// <summary>Keeps a value with the client under a key, in place of any older one.</summary>
    public void Set<T>(string key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        (_data ?? CreateData())[key] = value;
    }

    /// <summary>The value under a key; the default of <typeparamref name="T"/> if there is none, or one of another type.</summary>
    public T? Get<T>(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _data is not null && _data.TryGetValue(key, out var value) && value is T typed ? typed : default;
    }

    /// <summary>Looks for a value of type <typeparamref name="T"/> under a key.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_data is not null && _data.TryGetValue(key, out var found) && found is T typed)
        {
            value = typed;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Joins a room, if the hub's join policy allows it. The client gets everything that is sent to the room from now on, once.</summary>
    /// <param name="room">The room's name. One that is empty, too long or holds control characters is refused.</param>
    /// <param name="cancellationToken">Checked before, and handed to the join policy.</param>
    /// <remarks>
    /// Members on this server are reached at once. With a backplane the call returns when its engine has confirmed the subscription, or after
    /// <see cref="BackplaneOptions.JoinTimeout"/>; the token does not end that wait.
    /// </remarks>
    public ValueTask<JoinResult> JoinAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<JoinResult>(cancellationToken);
        }

        if (!HubName.IsValid(room, Hub.Options.MaxRoomNameLength))
        {
            if (HubName.IsTooLong(room, Hub.Options.MaxRoomNameLength))
            {
                Hub.Hits.Add(Limits.MaxRoomNameLength, Hub.Options.MaxRoomNameLength);
            }

            return new ValueTask<JoinResult>(JoinResult.Refused);
        }

        var result = _rooms.Check(room);
        if (result != JoinResult.Joined)
        {
            return new ValueTask<JoinResult>(Count(result));
        }

        return Hub.Options.OnJoining is { } policy
            ? AskAndJoinAsync(policy, room, cancellationToken)
            : Enter(room);
    }

    /// <summary>Leaves a room; <see langword="false"/> if the client was not in it. The last one to leave removes the room.</summary>
    /// <param name="room">The room's name.</param>
    /// <param name="cancellationToken">Checked before the client leaves.</param>
    public ValueTask<bool> LeaveAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : new ValueTask<bool>(_rooms.Leave(room));
    }

    /// <summary>Whether the client is in a room.</summary>
    public bool IsIn(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _rooms.Contains(room);
    }

    /// <summary>Sends a message that is encoded already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Ends a wait for room in the queue.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing was sent.</exception>
    public ValueTask<SendStatus> SendAsync(PreparedMessage message, SendOptions options = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Send(message.Frame, options, cancellationToken);
    }

    /// <summary>Sends text.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half of a surrogate pair.</exception>
    /// <inheritdoc cref="SendAsync" path="/*[not(self::summary)]"/>
    public ValueTask<SendStatus> SendTextAsync(string text, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(MessageFrame.CreateText(text), options, cancellationToken);

    /// <summary>Sends binary data, which is copied.</summary>
    /// <inheritdoc cref="SendAsync" path="/*[not(self::summary)]"/>
    public ValueTask<SendStatus> SendBinaryAsync(
        ReadOnlyMemory<byte> data, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(OutboundFrame.Rent(Opcode.Binary, data.Span), options, cancellationToken);

    /// <summary>Sends a value as bare JSON.</summary>
    /// <exception cref="JsonException">The value can't be serialised; nothing was sent.</exception>
    /// <exception cref="NotSupportedException">Its type is not known to the serialiser; nothing was sent.</exception>
    /// <inheritdoc cref="SendAsync" path="/*[not(self::summary)]"/>
    public ValueTask<SendStatus> SendJsonAsync<T>(T value, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.Value(value, Hub.Json), options, cancellationToken);

    /// <summary>Sends a message with its type, payload and id.</summary>
    /// <inheritdoc cref="SendAsync" path="/*[not(self::summary)]"/>
    public ValueTask<SendStatus> SendMessageAsync(TypedMessage message, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.Message(message), options, cancellationToken);

    /// <summary>Sends <c>{"type":…,"payload":…}</c>.</summary>
    /// <param name="type">The message's type, 1 to 128 bytes in UTF-8.</param>
    /// <param name="payload">The payload, serialised with the application's JSON options.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Ends a wait for room in the queue.</param>
    /// <exception cref="ArgumentException">The type is empty or too long.</exception>
    /// <inheritdoc cref="SendJsonAsync" path="/exception"/>
    public ValueTask<SendStatus> SendTypedMessageAsync<T>(
        string type, T payload, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.TypedMessage(type, payload, Hub.Json), options, cancellationToken);

    /// <summary>Sends <c>{"name":…,"data":…}</c>.</summary>
    /// <param name="name">The event's name, 1 to 128 bytes in UTF-8.</param>
    /// <param name="data">The data, serialised with the application's JSON options.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Ends a wait for room in the queue.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <inheritdoc cref="SendJsonAsync" path="/exception"/>
    public ValueTask<SendStatus> SendEventAsync<T>(
        string name, T data, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.Event(name, data, Hub.Json), options, cancellationToken);

    /// <summary>Sends <c>{"type":"error","payload":{"code":…,"message":…},"id":…}</c>: the shape in which a router answers what it can't handle.</summary>
    /// <param name="code">A stable name that the client's code can act on, such as <c>not_a_member</c>.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="id">The id of the message that it answers, at most 128 bytes in UTF-8; <see langword="null"/>: it has none.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Ends a wait for room in the queue.</param>
    /// <exception cref="ArgumentException">The code is empty, or the id is too long.</exception>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public ValueTask<SendStatus> SendErrorAsync(
        string code, string message, string? id = null, SendOptions options = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        ArgumentNullException.ThrowIfNull(message);
        return SendMessageAsync(ErrorMessage.Create(code, message, id), options, cancellationToken);
    }

    /// <inheritdoc cref="WebSocketConnection.CloseAsync(CloseCode, string, CancellationToken)"/>
    public Task CloseAsync(
        CloseCode code = CloseCode.NormalClosure, string reason = "", CancellationToken cancellationToken = default) =>
        Connection.CloseAsync(code, reason, cancellationToken);

    /// <summary>Closes the connection with 1000 if nobody has closed it yet, and waits until the client has left the hub.</summary>
    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Left;
    }

    /// <summary>Sends <c>{"type":…,"payload":…,"id":…}</c>.</summary>
    internal ValueTask<SendStatus> SendReplyAsync<T>(string type, T payload, string? id, CancellationToken cancellationToken) =>
        Send(JsonFrame.TypedMessage(type, payload, Hub.Json, id), default, cancellationToken);

    /// <summary>The client's messages that could not be understood. Made at first use.</summary>
    internal MalformedMessages Malformed
    {
        get
        {
            if (_malformed is null)
            {
                Interlocked.CompareExchange(ref _malformed, new MalformedMessages(Hub.Time, Hub.Options.MaxMalformedMessages), null);
            }

            return _malformed;
        }
    }

    internal void SetConnected() => _connected.TrySet();

    internal void SetLeft() => _left.TrySet();

    /// <summary>Leaves all rooms for good, and tells which they were.</summary>
    internal string[] LeaveAll() => _rooms.End();

    /// <summary>Forgets a membership whose room was deleted.</summary>
    internal void Forget(Membership membership) => _rooms.Forget(membership);

    // Takes over the caller's reference to the frame.
    private ValueTask<SendStatus> Send(OutboundFrame frame, in SendOptions options, CancellationToken cancellationToken) =>
        Connection.SendAsync(frame, options.WhenQueueFull ?? Connection.Settings.WhenQueueFull, options.Key, cancellationToken, options.Compress);

    // No local function of JoinAsync: what such a one captures is an object, also where it is not called.
    private async ValueTask<JoinResult> AskAndJoinAsync(
        Func<HubClient, string, CancellationToken, ValueTask<bool>> mayJoin, string room, CancellationToken cancellationToken) =>
        await mayJoin(this, room, cancellationToken) ? await Enter(room) : JoinResult.Refused;

    private ValueTask<JoinResult> Enter(string room)
    {
        var result = Count(_rooms.Join(room));
        if (result != JoinResult.Joined || Hub.Bridge is not { } bridge)
        {
            return new ValueTask<JoinResult>(result);
        }

        var subscribed = bridge.OnJoinedAsync(new ChannelScope(ScopeKind.Room, room));
        return subscribed.IsCompletedSuccessfully ? new ValueTask<JoinResult>(result) : AwaitAsync(subscribed, result);

        static async ValueTask<JoinResult> AwaitAsync(ValueTask subscribed, JoinResult result)
        {
            await subscribed;
            return result;
        }
    }

    private JoinResult Count(JoinResult result)
    {
        if (result == JoinResult.LimitReached)
        {
            Hub.Hits.Add(Limits.MaxRoomsPerClient, Hub.Options.MaxRoomsPerClient);
        }

        return result;
    }

    private ConcurrentDictionary<string, object?> CreateData()
    {
        Interlocked.CompareExchange(ref _data, new(StringComparer.Ordinal), null);
        return _data;
    }
}
