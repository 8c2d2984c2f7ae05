using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Testing.Client;
using Waffle.WebSockets.Testing.Frames;

namespace Waffle.WebSockets.Testing;

/// <summary>
/// A WebSocket client in memory, connected to the application itself: no port, no socket, and no time but the application's.
/// </summary>
/// <remarks>
/// <para>
/// Made by <c>ConnectWebSocketAsync</c> of a <c>TestServer</c>, or by <c>ConnectTestClientAsync</c> of a <see cref="WebSocketHub"/>. It
/// speaks the protocol with the server's own code on the other side: masked frames, pings and pongs, the closing handshake.
/// </para>
/// <para>
/// It reads at all times, and keeps what comes until the test receives it. Whatever the test waits for is waited for with
/// <see cref="WebSocketTestClientOptions.Patience"/>; then a <see cref="WebSocketTestException"/> says what was seen instead. Safe to use
/// from any thread.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using Microsoft.AspNetCore.TestHost;
/// using Waffle.WebSockets.Testing;
///
/// await using var ann = await app.GetTestServer().ConnectWebSocketAsync("/ws?user=ann");
/// await using var bob = await app.GetTestServer().ConnectWebSocketAsync("/ws?user=bob");
///
/// await ann.SendMessageAsync("chat", new { text = "Hello!" });
///
/// var chat = await bob.ReceiveMessageAsync("chat");
/// Console.WriteLine(chat.Payload);
/// </code>
/// </example>
public sealed class WebSocketTestClient : IAsyncDisposable
{
    private readonly ClientConnection _connection;
    private readonly ServerRequest _request;
    private readonly Waiting _waiting;

    internal WebSocketTestClient(TestNetwork network, ServerRequest request, WebSocketTestClientOptions options, JsonSerializerOptions json)
    {
        Network = network;
        Json = json;
        _request = request;
        _connection = new ClientConnection(network, request.Response);
        _waiting = new Waiting(options.Patience, _connection.Describe);
    }

    /// <summary>What lies between the client and the server.</summary>
    public TestNetwork Network { get; }

    /// <summary>The agreed subprotocol, or <see langword="null"/>.</summary>
    public string? Subprotocol => _request.Response.SecWebSocketProtocol is { Count: > 0 } subprotocol ? subprotocol.ToString() : null;

    /// <summary>Whether compression was agreed.</summary>
    public bool IsCompressed => _connection.IsCompressed;

    /// <summary>The headers of the server's answer to the handshake.</summary>
    public IHeaderDictionary ResponseHeaders => _request.Response;

    /// <summary>Whether the client answers the server's pings. Default <see langword="true"/>.</summary>
    public bool AnswersPings
    {
        get => _connection.AnswersPings;
        set => _connection.AnswersPings = value;
    }

    /// <summary>Whether the client answers the server's Close. Default <see langword="true"/>.</summary>
    public bool AnswersClose
    {
        get => _connection.AnswersClose;
        set => _connection.AnswersClose = value;
    }

    /// <summary>
    /// Completes when the server's Close has come, or the connection has ended otherwise, as the client sees it:
    /// <see cref="CloseCause.PeerClosed"/>, <see cref="CloseCause.ClosedHere"/>, <see cref="CloseCause.PeerVanished"/> (the server ended it
    /// without a Close), or <see cref="CloseCause.Aborted"/>. Never faults.
    /// </summary>
    public Task<CloseInfo> Completion => _connection.Completion;

    /// <summary>What has come and was not received yet, in its order.</summary>
    public IReadOnlyList<WebSocketTestMessage> Unread => _connection.Inbox.Unread;

    /// <summary>How payloads are read and written.</summary>
    internal JsonSerializerOptions Json { get; }

    /// <summary>Sends a text message. Returns when it is on its way.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    /// <exception cref="WebSocketTestException">The server reads nothing, and the network's buffer stays full.</exception>
    public Task SendTextAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SendFrameAsync(Opcodes.Text, Encoding.UTF8.GetBytes(text), isFinal: true, cancellationToken);
    }

    /// <summary>Sends a binary message. Returns when it is on its way.</summary>
    /// <inheritdoc cref="SendTextAsync" path="/exception"/>
    public Task SendBinaryAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        SendFrameAsync(Opcodes.Binary, data, isFinal: true, cancellationToken);

    /// <summary>Sends one frame, masked, whatever it is: fragments, or what no client should send.</summary>
    /// <param name="opcode">0 to 15 (RFC 6455 5.2).</param>
    /// <param name="payload">What the frame carries; masked on its way.</param>
    /// <param name="isFinal">Whether no fragment follows.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <inheritdoc cref="SendTextAsync" path="/exception"/>
    public Task SendFrameAsync(int opcode, ReadOnlyMemory<byte> payload, bool isFinal = true, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(opcode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opcode, 0xF);
        return SendAsync(_connection.Sender.SendFrameAsync(opcode, isFinal, payload), cancellationToken);
    }

    /// <summary>Sends bytes as they are, be they frames or not.</summary>
    /// <inheritdoc cref="SendTextAsync" path="/exception"/>
    public Task SendBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendAsync(_connection.Sender.SendBytesAsync(bytes), cancellationToken);

    /// <summary>Receives the next message: the first that was not received yet, as soon as it is there.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and all that came before was received.</exception>
    /// <exception cref="WebSocketTestException">None came.</exception>
    public Task<WebSocketTestMessage> ReceiveAsync(CancellationToken cancellationToken = default) =>
        ReceiveAsync("message", static _ => true, cancellationToken);

    /// <summary>Receives the first message that is wanted, as soon as it is there. The others stay, in their order.</summary>
    /// <param name="what">What the test waits for, for the text of its failure, such as "message of the type 'chat'".</param>
    /// <param name="wants">Whether it is this one. Must neither throw nor use the client.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="ReceiveAsync(CancellationToken)" path="/exception"/>
    public Task<WebSocketTestMessage> ReceiveAsync(
        string what, Predicate<WebSocketTestMessage> wants, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(wants);
        return _connection.Inbox.TakeAsync(wants, message => _waiting.ForAsync(message, $"No {what} came", cancellationToken));
    }

    /// <summary>Receives the next message, which must be text.</summary>
    /// <exception cref="UnexpectedMessageKindException">It is binary.</exception>
    /// <inheritdoc cref="ReceiveAsync(CancellationToken)" path="/exception"/>
    public async Task<string> ReceiveTextAsync(CancellationToken cancellationToken = default) =>
        (await ReceiveAsync(cancellationToken)).Text;

    /// <summary>Receives the next message, which must be binary.</summary>
    /// <exception cref="UnexpectedMessageKindException">It is text.</exception>
    /// <inheritdoc cref="ReceiveAsync(CancellationToken)" path="/exception"/>
    public async Task<byte[]> ReceiveBinaryAsync(CancellationToken cancellationToken = default)
    {
        var message = await ReceiveAsync(cancellationToken);
        return message.Kind == MessageKind.Binary
            ? message.Data.ToArray()
            : throw new UnexpectedMessageKindException(MessageKind.Binary, message.Kind);
    }

    /// <summary>
    /// Receives all that the server had accepted for this client when this was called, and what came meanwhile. No time passes for that;
    /// see <see cref="SettleAsync"/>.
    /// </summary>
    /// <remarks>What a handler is still about to send does not count: wait for its effect first, such as its reply.</remarks>
    /// <exception cref="WebSocketTestException">The server answered no ping.</exception>
    public async Task<IReadOnlyList<WebSocketTestMessage>> ReceiveAllAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await SettleAsync(cancellationToken);
        }
        catch (ConnectionClosedException)
        {
            // All that could come is there.
        }

        return _connection.Inbox.TakeAll();
    }

    /// <summary>
    /// Fails if anything was not received yet, or comes by what the server had accepted when this was called; see
    /// <see cref="ReceiveAllAsync"/>.
    /// </summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    /// <exception cref="WebSocketTestException">Something came; or the server answered no ping.</exception>
    public async Task ReceiveNothingAsync(CancellationToken cancellationToken = default)
    {
        await SettleAsync(cancellationToken);
        if (Unread.Count > 0)
        {
            throw _waiting.Fail("Nothing was to come, but something did.");
        }
    }

    /// <summary>Sends a ping and waits for its pong.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    /// <exception cref="WebSocketTestException">No pong came.</exception>
    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        var (payload, answer) = _connection.Pings.Add();
        await SendFrameAsync(Opcodes.Ping, payload, isFinal: true, cancellationToken);
        await _waiting.ForAsync(answer, "No pong came", cancellationToken);
    }

    /// <summary>
    /// Waits until what both sides have sent has arrived: the client pings until a round trip brings nothing new. For tests that move the
    /// clock: only then have pings and pongs that were due before found their way.
    /// </summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    /// <exception cref="WebSocketTestException">The server answered no ping.</exception>
    public async Task SettleAsync(CancellationToken cancellationToken = default)
    {
        // A pong goes ahead of messages that wait, and these follow it: so one more round trip than those that bring something.
        await PingAsync(cancellationToken);
        for (var seen = -1; seen != _connection.Inbox.Count;)
        {
            seen = _connection.Inbox.Count;
            await PingAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Closes, and waits until the server is done with the connection: it has answered, its handler has ended, the client has left the hub,
    /// and the disconnect callback has ended.
    /// </summary>
    /// <param name="code">Any code, also one that must not be sent; <see cref="CloseCode.NoStatusReceived"/>: none.</param>
    /// <param name="reason">At most 123 bytes in UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How the connection ended.</returns>
    /// <exception cref="ArgumentException">The reason is too long.</exception>
    /// <exception cref="WebSocketTestException">The server did not answer, or is not done.</exception>
    public async Task<CloseInfo> CloseAsync(
        CloseCode code = CloseCode.NormalClosure, string reason = "", CancellationToken cancellationToken = default)
    {
        await SendCloseAsync(code, reason, cancellationToken);
        var close = await _waiting.ForAsync(Completion, "The server did not answer the Close", cancellationToken);
        await WaitUntilLeftAsync(cancellationToken);
        return close;
    }

    /// <summary>Sends a Close, and does not wait for the server's. Without effect once one was sent.</summary>
    /// <param name="code">Any code, also one that must not be sent; <see cref="CloseCode.NoStatusReceived"/>: none.</param>
    /// <param name="reason">At most 123 bytes in UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ArgumentException">The reason is too long.</exception>
    public async Task SendCloseAsync(
        CloseCode code = CloseCode.NormalClosure, string reason = "", CancellationToken cancellationToken = default)
    {
        var sending = _connection.Sender.SendCloseAsync(CloseFrame.Write(code, reason));
        await _waiting.ForAsync(sending, "The Close could not be sent", cancellationToken);
    }

    /// <summary>
    /// Ends the client's stream without a Close, as a program that just ends does. The client can still receive what the server sends.
    /// </summary>
    public Task EndStreamAsync() => _connection.Sender.EndAsync();

    /// <summary>
    /// Resets the connection: the server learns at once that the client is gone. For one that vanishes unnoticed see
    /// <see cref="TestNetwork.Cut"/>.
    /// </summary>
    public void Abort() => Network.Reset();

    /// <summary>
    /// Waits until the server is done with the connection: its handler has ended, the client has left the hub, and the disconnect callback
    /// has ended.
    /// </summary>
    /// <exception cref="WebSocketTestException">It is not.</exception>
    public Task WaitUntilLeftAsync(CancellationToken cancellationToken = default) =>
        _waiting.ForAsync(_request.Ended, "The server's handler or disconnect callback did not end", cancellationToken);

    /// <summary>
    /// Closes with 1000 where the connection is open and the network undisturbed, resets it otherwise, and waits until the server is done
    /// with it. What fails then is not told.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!Completion.IsCompleted && Network.ToServer.IsUndisturbed && Network.ToClient.IsUndisturbed)
            {
                await CloseAsync();
            }
        }
        catch (WebSocketTestException)
        {
            // A server that does not answer is left to itself.
        }

        Abort();
        await _waiting.ForAsync(_request.Ended, string.Empty, CancellationToken.None).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _connection.Dispose();
    }

    /// <summary>Waits until the connect callback has ended, or the connection.</summary>
    internal Task WaitUntilWelcomedAsync(CancellationToken cancellationToken) => _waiting.ForAsync(
        Task.WhenAny(_request.Welcomed, Completion),
        "The hub's connect callback did not end (if it waits for the client, connect with WaitForConnectCallback = false)",
        cancellationToken);

    /// <summary>A failure that says all that was seen.</summary>
    internal WebSocketTestException Fail(string what) => _waiting.Fail(what);

    private async Task SendAsync(Task<bool> sending, CancellationToken cancellationToken)
    {
        if (await _waiting.ForAsync(sending, "The server reads nothing, and the network is full", cancellationToken))
        {
            return;
        }

        throw new ConnectionClosedException(_connection.Sender.HasEnded && !Completion.IsCompleted
            ? new CloseInfo(CloseCode.AbnormalClosure, "The client has ended its stream.", CloseCause.ClosedHere)
            : await _waiting.ForAsync(Completion, "The server reads nothing any more, and the connection did not end", cancellationToken));
    }

    private void ThrowIfEnded()
    {
        if (Completion.IsCompleted)
        {
            throw new ConnectionClosedException(Completion.Result);
        }
    }
}
