using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Routing;

namespace Waffle.WebSockets;

/// <summary>One received message on its way through a router's filters, and to its error handler.</summary>
/// <remarks>Valid until the router is done with the message. Not safe to use from several threads at once.</remarks>
public sealed class MessageContext
{
    private bool _isRead;
    private string? _type;
    private string? _id;
    private MessageProblem? _problem;
    private TypedMessage? _message;

    internal MessageContext(HubClient client, MessageKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Client = client;
        Kind = kind;
        Data = data;
        CancellationToken = cancellationToken;
    }

    /// <summary>Who sent the message.</summary>
    public HubClient Client { get; }

    /// <summary>Text or binary. A binary message is refused behind the filters.</summary>
    public MessageKind Kind { get; }

    /// <summary>The message as it was received. The bytes are the connection's: copy what is to be kept.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Fires when work for the client is no longer needed.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The message's type, as far as it could be read. The client chose it: at most 128 bytes of UTF-8, but any characters.</summary>
    public string? Type
    {
        get
        {
            ReadEnvelope();
            return _type;
        }
    }

    /// <summary>The message's id, if it has one that could be read; chosen by the client as <see cref="Type"/>.</summary>
    public string? Id
    {
        get
        {
            ReadEnvelope();
            return _id;
        }
    }

    /// <summary>Whether the router could understand the message; <see langword="null"/> while the filters have not let it through to where that is asked.</summary>
    internal bool? IsUnderstood { get; set; }

    /// <summary>Whether the message itself is at fault. Text is that wherever a filter has stopped it; what is binary may be what a filter takes.</summary>
    internal bool IsMalformed => Kind == MessageKind.Text ? IsUnderstood != true && Problem is not null : IsUnderstood == false;

    /// <summary>What is wrong with the message itself, if it is text.</summary>
    internal MessageProblem? Problem
    {
        get
        {
            ReadEnvelope();
            return _problem;
        }
    }

    /// <summary>The whole message, copied.</summary>
    /// <exception cref="UnexpectedMessageKindException">It is binary.</exception>
    /// <exception cref="MessageFormatException">It is no typed message.</exception>
    public TypedMessage GetMessage()
    {
        if (_message is null)
        {
            MessageDispatcher.ThrowIfNotText(Kind);
            var envelope = MessageEnvelopeReader.ReadMessage(Data.Span);
            envelope.ThrowIfProblem();
            _message = TypedMessage.FromEnvelope(envelope, Data.Span, Client.Hub.Json);
        }

        return _message;
    }

    private void ReadEnvelope()
    {
        if (_isRead)
        {
            return;
        }

        _isRead = true;
        if (Kind == MessageKind.Text)
        {
            var envelope = MessageEnvelopeReader.ReadMessage(Data.Span);
            (_type, _id, _problem) = (envelope.GetTypeText(), envelope.GetIdText(), envelope.Problem);
        }
    }
}
