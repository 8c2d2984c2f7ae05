using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>One WebSocket connection to a client (RFC 6455).</summary>
/// <remarks>
/// <para>
/// Sending, pinging, <see cref="SignIn"/> and closing are safe from any number of threads at once; whole messages never interleave. One read may be under
/// way at a time. Messages are received ahead of the reads, and pings are answered, while no read waits.
/// </para>
/// <para>
/// A send only enqueues: what became of it is its <see cref="SendStatus"/>. What was accepted is written in order, before the Close of a graceful
/// <see cref="CloseAsync(CloseCode, string, CancellationToken)"/>.
/// </para>
/// </remarks>
/// <example>
/// An echo:
/// <code>
/// await foreach (var message in connection.ReadAllAsync(ct))
/// {
///     await connection.WriteAsync(message.Kind, message.Data, ct);
/// }
///
/// CloseInfo close = await connection.Completion;
/// Console.WriteLine($"{close.Cause}, code {(int)close.Code}");
/// </code>
/// </example>
public sealed partial class WebSocketConnection : IAsyncDisposable
{
    private readonly ConnectionEngine _engine;
    private readonly ConnectionSender _sender;
    private IDictionary<object, object?>? _items;
    private WebSocketConnectionOptions? _optionsToShow;
    private int _isRouted;
    private ClaimsPrincipal? _user;
    private ConnectionRegistry.MemberPlace _place;
    private OneTimeEvent _released;
    private bool _isReleased;

    internal WebSocketConnection(
        ConnectionTransport transport,
        WebSocketConnectionOptions options,
        TimeProvider time,
        ConnectionCompression? compression = null,
        LimitHits? hits = null,
        ConnectionRegistry? registry = null)
    {
        Registry = registry;
        StartedAt = time.GetTimestamp();
        Settings = options;
        Compression = compression;
        Hits = hits ?? LimitHits.Unlogged;
        Transport = transport;
        _engine = new ConnectionEngine(transport, options, time, compression, Hits, this);
        _sender = new ConnectionSender(_engine, options, compression);
    }

    /// <summary>The connection's name, unique among all connections.</summary>
    public string Id { get; } = ConnectionId.Next();

    /// <summary>The agreed subprotocol, or <see langword="null"/> (RFC 6455 1.9).</summary>
    public string? Subprotocol { get; internal init; }

    /// <summary>Who the client is: as authenticated when the connection was accepted, or by <see cref="SignIn"/> since then.</summary>
    public ClaimsPrincipal User => Volatile.Read(ref _user) ?? CreateUser();

    /// <summary>Data of the application's. Created at first use; not safe to use from several threads at once.</summary>
    public IDictionary<object, object?> Items => _items ??= new Dictionary<object, object?>();

    /// <summary>The settings that the connection began with, as a copy: changing it has no effect on the connection.</summary>
    public WebSocketConnectionOptions Options => _optionsToShow ??= Settings.Snapshot();

    /// <summary>
    /// The largest message that is accepted, in bytes, 1 to 2^30. Begins as <see cref="WebSocketConnectionOptions.MaxMessageSize"/> and may be changed at
    /// any time: it holds for every frame whose header arrives after that. What was received ahead of the reads has passed already.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or above 2^30.</exception>
    public int MaxMessageSize
    {
        get => _engine.MaxMessageSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ConnectionOptionsRules.MaxSize);
            _engine.MaxMessageSize = value;
        }
    }

    /// <summary>Whether the connection is closing or closed: nothing can be sent any more.</summary>
    public bool IsClosed => !_engine.MaySend;

    /// <summary>
    /// Fires when work for this connection is no longer needed: at once when it fails, is aborted or closed here; where the peer ended it in good order, by a Close
    /// or the end of its stream, when the messages before that have been read and handled, or <see cref="WebSocketConnectionOptions.CloseTimeout"/> later.
    /// </summary>
    public CancellationToken Closed => _engine.Lost;

    /// <summary>Completes exactly once, when the connection has ended, whoever ended it. Never faults.</summary>
    public Task<CloseInfo> Completion => _engine.Completion;

    /// <summary>How long the last answered ping took; <see langword="null"/> before the first pong.</summary>
    public TimeSpan? LastRoundTripTime => _engine.Pings.LastRoundTrip;

    /// <summary>Runs the protocol over a byte stream on which the opening handshake is done already, as the server's side.</summary>
    /// <param name="transport">Belongs to the connection from now on, which completes both pipes at its end.</param>
    /// <param name="options">Copied; <see langword="null"/>: the defaults.</param>
    /// <param name="time">The clock; <see langword="null"/>: the system's.</param>
    /// <exception cref="ArgumentException">An option has a value that is not allowed; the message names it.</exception>
    public static WebSocketConnection Create(IDuplexPipe transport, WebSocketConnectionOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        options = options?.Snapshot() ?? new WebSocketConnectionOptions();
        ConnectionOptionsRules.ThrowIfInvalid(options);
        var connection = new WebSocketConnection(new PipeTransport(transport), options, time ?? TimeProvider.System);
        connection.Start();
        return connection;
    }

    /// <summary>
    /// Says that the client has authenticated itself by a message: it is <see cref="User"/> from now on, and
    /// <see cref="WebSocketConnectionOptions.AuthenticationTimeout"/> does not end the connection. The id of a hub's client stays as it is.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The request does not change: <c>connection.GetHttpContext().User</c> stays whom the request authenticated, and so does what code sees that takes the user
    /// from there, such as by <c>IHttpContextAccessor</c>. To <c>IAuthorizationService</c> give <see cref="User"/>.
    /// </para>
    /// <para>Safe from any thread; of several calls the last one's user stays.</para>
    /// <para>A connection made by <see cref="Create"/> has no request that could have authenticated the client, so its time always runs until this is called.</para>
    /// </remarks>
    /// <param name="user">Who the client is. At least one of its identities must be authenticated.</param>
    /// <returns>
    /// <see langword="false"/>: it is too late, the connection is closing or closed; <see cref="User"/> is as before.
    /// </returns>
    /// <exception cref="ArgumentException">No identity is authenticated: give <see cref="ClaimsIdentity"/> an authentication type.</exception>
    /// <example>
    /// <code>
    /// using System.Security.Claims;
    ///
    /// router.On&lt;string&gt;("sign_in", (client, token, ct) =>
    /// {
    ///     var user = FindUser(token) ?? throw new MessageRejectedException("wrong_token", "Sign in anew.");
    ///
    ///     // False: too late; the connection is closing, and no answer would arrive.
    ///     client.Connection.SignIn(user);
    ///     return Task.CompletedTask;
    /// });
    ///
    /// static ClaimsPrincipal? FindUser(string token) => token == "secret" ? new(new ClaimsIdentity([new(ClaimTypes.Name, "ann")], "token")) : null;
    /// </code>
    /// </example>
    public bool SignIn(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!IsAuthenticated(user))
        {
            throw new ArgumentException("No identity of the user is authenticated. Give ClaimsIdentity an authentication type.", nameof(user));
        }

        if (!_engine.TrySignIn())
        {
            return false;
        }

        Volatile.Write(ref _user, user);
        return true;
    }

    /// <summary>Reads the next message. A cancelled read loses nothing and leaves the connection usable.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message; its data is valid until the next read.</returns>
    /// <exception cref="ConnectionClosedException">The connection has ended and every message before that was read.</exception>
    /// <exception cref="MessageTooBigException">It ended because the peer sent a message over the limit.</exception>
    /// <exception cref="WebSocketProtocolException">It ended because the peer broke a rule.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">Another read is under way, or a router reads the connection.</exception>
    public ValueTask<ReceivedMessage> ReadAsync(CancellationToken cancellationToken = default)
    {
        var next = MoveNextAsync(cancellationToken);
        if (!next.IsCompletedSuccessfully)
        {
            return AwaitNextAsync(next, cancellationToken);
        }

        return next.Result ? new ValueTask<ReceivedMessage>(TakeCurrent()) : AwaitNextAsync(new ValueTask<bool>(false), cancellationToken);
    }

    /// <summary>Reads the next message, which must be text.</summary>
    /// <exception cref="UnexpectedMessageKindException">It was binary. It is consumed; the connection stays usable.</exception>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public async ValueTask<string> ReadTextAsync(CancellationToken cancellationToken = default) =>
        (await ReadAsync(cancellationToken)).GetText();

    /// <summary>Reads the next message, which must be binary, into an array of the caller's own.</summary>
    /// <exception cref="UnexpectedMessageKindException">It was text. It is consumed; the connection stays usable.</exception>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public async ValueTask<byte[]> ReadBinaryAsync(CancellationToken cancellationToken = default)
    {
        var message = await ReadAsync(cancellationToken);
        return message.Kind == MessageKind.Binary
            ? message.Data.ToArray()
            : throw new UnexpectedMessageKindException(MessageKind.Binary, message.Kind);
    }

    /// <summary>Reads all messages. Ends with the closing handshake, whoever began it; any other end throws.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages; each one's data is valid until the next is asked for.</returns>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public async IAsyncEnumerable<ReceivedMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await MoveNextAsync(cancellationToken))
        {
            yield return TakeCurrent();
        }

        var end = await CreateEndExceptionAsync(cancellationToken);
        if (!end.Close.IsByHandshake)
        {
            throw end;
        }
    }

    /// <summary>Sends a message. When the queue is full it waits for room, at most <see cref="WebSocketConnectionOptions.WriteTimeout"/>.</summary>
    /// <param name="kind">Text or binary.</param>
    /// <param name="data">The message; copied before the call's task completes.</param>
    /// <param name="cancellationToken">Ends the wait for room; the message is then not sent.</param>
    /// <returns>What became of it: <see cref="SendStatus.Dropped"/> if there was no room in time.</returns>
    /// <exception cref="ArgumentException">Text that is not valid UTF-8.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<SendStatus> WriteAsync(MessageKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (kind == MessageKind.Text)
        {
            StrictUtf8.ThrowIfInvalid(data.Span, nameof(data));
        }

        return SendAsync(MessageFrame.Create(kind, data.Span), QueueFullPolicy.Wait, key: null, cancellationToken);
    }

    /// <summary>Sends a text message; as <see cref="WriteAsync"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half of a surrogate pair.</exception>
    /// <inheritdoc cref="WriteAsync" path="/exception[@cref='T:System.OperationCanceledException']"/>
    public ValueTask<SendStatus> WriteTextAsync(string text, CancellationToken cancellationToken = default) =>
        SendAsync(MessageFrame.CreateText(text), QueueFullPolicy.Wait, key: null, cancellationToken);

    /// <summary>Sends a binary message; as <see cref="WriteAsync"/>.</summary>
    /// <inheritdoc cref="WriteAsync" path="/exception[@cref='T:System.OperationCanceledException']"/>
    public ValueTask<SendStatus> WriteBinaryAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        WriteAsync(MessageKind.Binary, data, cancellationToken);

    /// <summary>Sends a ping and waits for its pong, or that of a later ping, which a peer may answer instead (RFC 6455 5.5.3).</summary>
    /// <returns>The round-trip time.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before the pong came.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. A late pong is ignored.</exception>
    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var ping = SendPing();
        try
        {
            return await ping.Answer!.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _engine.Pings.Remove(ping);
        }
    }

    /// <summary>
    /// Performs the closing handshake (RFC 6455 7.1.2) behind what was accepted for sending, and returns when the connection has ended, at most
    /// <see cref="WebSocketConnectionOptions.CloseTimeout"/> later. Messages that were received and not read are dropped. Without effect on a
    /// connection that is closing already, but for the wait.
    /// </summary>
    /// <param name="code">1000 to 1003, 1007 to 1014, or 3000 to 4999.</param>
    /// <param name="reason">At most 123 bytes in UTF-8; shown to the peer.</param>
    /// <param name="cancellationToken">Ends the wait; the closing goes on.</param>
    /// <exception cref="ArgumentException">The code must not be sent, or the reason is too long. The connection stays as it was.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task CloseAsync(
        CloseCode code = CloseCode.NormalClosure, string reason = "", CancellationToken cancellationToken = default) =>
        CloseAsync(code, reason, CloseCause.ClosedHere, error: null, cancellationToken);

    /// <summary>Cuts the connection at once: what waits to be sent is lost, and no Close is sent. Without effect on one that has ended.</summary>
    public void Abort() => AbortFor(CloseCause.Aborted);

    /// <summary>
    /// Closes with 1000 if nobody has closed yet, and waits until the transport is released, a bounded time. Safe to call from any thread: the message
    /// that was read last stays valid.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Registry?.Done?.Invoke(this);
        _engine.CloseAtLast();
        await Completion;
        await _engine.Reading;
        _engine.Inbox.Discard();
        _engine.OnEndRead();
    }

    // Nobody, of this connection's own: an application may add to it. Somebody may sign in meanwhile.
    private ClaimsPrincipal CreateUser()
    {
        var nobody = new ClaimsPrincipal(new ClaimsIdentity());
        return Interlocked.CompareExchange(ref _user, nobody, null) ?? nobody;
    }

    private static bool IsAuthenticated(ClaimsPrincipal user) => user.Identities.Any(static identity => identity.IsAuthenticated);

    private static InvalidOperationException ReadByRouter() =>
        new("A router reads this connection; until its RunAsync has ended, nobody else may, and no handler of its messages.");

    private ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _isRouted) == 0 ? MoveNextInInboxAsync(cancellationToken) : throw ReadByRouter();

    // Handlers mostly read with the connection's own token.
    private ValueTask<bool> MoveNextInInboxAsync(CancellationToken cancellationToken) =>
        _engine.Inbox.MoveNextAsync(cancellationToken, firesAfterEnd: cancellationToken == Closed);

    private PendingPing SendPing()
    {
        Span<byte> payload = stackalloc byte[PendingPings.PayloadLength];
        var ping = _engine.Pings.Add(payload);
        _engine.SendPing(payload);
        return ping;
    }

    // No local function of ReadAsync: what such a one captures is an object, also where it is not called.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedMessage> AwaitNextAsync(ValueTask<bool> next, CancellationToken cancellationToken) =>
        await next ? TakeCurrent() : throw await CreateEndExceptionAsync(cancellationToken);

    private ReceivedMessage TakeCurrent()
    {
        var message = _engine.Inbox.Current;
        return new ReceivedMessage(message.IsText ? MessageKind.Text : MessageKind.Binary, message.Data);
    }

    private async Task<CloseInfo> CompletedAsync(CancellationToken cancellationToken)
    {
        // At the end of the connection Closed fires, too, and may win against it; the end is what the reader is told.
        await ((Task)Completion).WaitAsync(cancellationToken).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!Completion.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await Completion;
    }

    private async Task<ConnectionClosedException> CreateEndExceptionAsync(CancellationToken cancellationToken)
    {
        var close = await CompletedAsync(cancellationToken);
        _engine.OnEndRead();
        return _engine.Breach switch
        {
            { } breach when close.Cause == CloseCause.MessageTooBig => new MessageTooBigException(close, breach.Limit, breach.Size),
            { } breach when close.Cause == CloseCause.ProtocolViolation => new WebSocketProtocolException(close, breach.Rule.Section),
            _ => new ConnectionClosedException(close),
        };
    }
}
