using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Testing.Frames;

namespace Waffle.WebSockets.Testing.Client;

/// <summary>
/// A client's side of a connection (RFC 6455): reads at all times, keeps what came, answers pings and the Close, and knows the end.
/// </summary>
internal sealed class ClientConnection : IClientReaderOwner, IDisposable
{
    private const int ShownMessages = 5;

    private readonly TaskCompletionSource<CloseInfo> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lastLock = new();
    private readonly Queue<WebSocketTestMessage> _last = new();
    private readonly TestNetwork _network;
    private readonly MessageInflater? _inflater;

    public ClientConnection(TestNetwork network, IHeaderDictionary response)
    {
        var extensions = response.SecWebSocketExtensions.ToString();
        var isCompressed = extensions.Contains("permessage-deflate", StringComparison.OrdinalIgnoreCase);
        var keepsContext = !extensions.Contains("server_no_context_takeover", StringComparison.OrdinalIgnoreCase);
        _network = network;
        _inflater = isCompressed ? new MessageInflater(keepsContext) : null;
        Sender = new ClientSender(network.ToServer.Output);
        network.OnClientGone = End;
        _ = new ClientReader(network.ToClient.Input, new ServerMessages(_inflater), this).RunAsync();
    }

    public bool IsCompressed => _inflater is not null;

    public bool AnswersPings { get; set; } = true;

    public bool AnswersClose { get; set; } = true;

    public ClientSender Sender { get; }

    public TestInbox Inbox { get; } = new();

    public PendingPings Pings { get; } = new();

    /// <summary>How the connection ended, as the client sees it.</summary>
    public Task<CloseInfo> Completion => _completion.Task;

    public void OnMessage(WebSocketTestMessage message)
    {
        lock (_lastLock)
        {
            _last.Enqueue(message);
            if (_last.Count > ShownMessages)
            {
                _last.Dequeue();
            }
        }

        Inbox.Add(message);
    }

    public void OnPing(byte[] payload)
    {
        if (AnswersPings)
        {
            _ = Sender.SendFrameAsync(Opcodes.Pong, isFinal: true, payload);
        }
    }

    public void OnPong(byte[] payload) => Pings.Answer(payload);

    public void OnClose(CloseCode code, string reason)
    {
        var isAnswer = Sender.HasClosed;
        if (isAnswer || AnswersClose)
        {
            _ = AnswerAsync(code);
        }

        End(new CloseInfo(code, reason, isAnswer ? CloseCause.ClosedHere : CloseCause.PeerClosed));
    }

    public void OnEnd(Exception? error) => End(new CloseInfo(CloseCode.AbnormalClosure, string.Empty, CloseCause.PeerVanished, error));

    /// <summary>What is known of the connection now, for who reads why a test has failed.</summary>
    public string Describe()
    {
        WebSocketTestMessage[] last;
        lock (_lastLock)
        {
            last = [.. _last];
        }

        string?[] lines =
        [
            Completion.IsCompleted
                ? $"The connection has ended: {Completion.Result.Cause}, {(int)Completion.Result.Code} {Completion.Result.Reason}"
                : "The connection is open.",
            $"Received until now: {Inbox.Count} messages, {Inbox.Unread.Count} of them waiting to be received.",
            .. last.Select(message => $"  {message}"),
            _network.ToServer.IsStalled ? "The network to the server is stalled." : null,
            _network.ToClient.IsStalled ? "The network to the client is stalled." : null,
            _network.Time == TimeProvider.System
                ? null
                : "The application's clock is the test's: what waits for it happens when that moves.",
        ];
        return string.Join('\n', lines.OfType<string>());
    }

    public void Dispose() => _inflater?.Dispose();

    // The closing handshake is done when both have closed; then nobody says anything more, and the server need not wait for it.
    private async Task AnswerAsync(CloseCode code)
    {
        await Sender.SendCloseAsync(CloseFrame.Write(code, string.Empty));
        await Sender.EndAsync();
    }

    private void End(CloseInfo close)
    {
        if (_completion.TrySetResult(close))
        {
            var end = new ConnectionClosedException(close);
            Inbox.End(end);
            Pings.End(end);
        }
    }
}
