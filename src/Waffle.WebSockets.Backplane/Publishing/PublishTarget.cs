using System.Buffers;
using System.Text.Json;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets;

/// <summary>Whom a publisher sends to: all clients of a hub, a room, several rooms, or a user, on whatever server they are.</summary>
/// <remarks>Each verb says whether the backplane took the message; who got it, nobody tells. Safe to use from any thread.</remarks>
public abstract class PublishTarget
{
    private protected PublishTarget()
    {
    }

    private protected abstract WebSocketHubPublisher Publisher { get; }

    private protected abstract IReadOnlyList<ChannelScope> Scopes { get; }

    /// <summary>Publishes text.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half of a surrogate pair.</exception>
    public PublishStatus PublishText(string text, PublishOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Publish(MessageKind.Text, StrictUtf8.GetBytes(text, nameof(text)), options);
    }

    /// <summary>Publishes binary data, which is copied.</summary>
    public PublishStatus PublishBinary(ReadOnlyMemory<byte> data, PublishOptions options = default) =>
        Publish(MessageKind.Binary, data.ToArray(), options);

    /// <summary>Publishes a value as bare JSON.</summary>
    /// <exception cref="JsonException">The value can't be serialised; nothing was published.</exception>
    /// <exception cref="NotSupportedException">Its type is not known to the serialiser; nothing was published.</exception>
    public PublishStatus PublishJson<T>(T value, PublishOptions options = default) =>
        PublishWritten((value, Publisher.Json), static (output, state) => MessageJson.WriteValue(output, state.value, MessageJsonDefaults.GetTypeInfo<T>(state.Json)), options);

    /// <summary>Publishes a message with its type, payload and id.</summary>
    public PublishStatus PublishMessage(TypedMessage message, PublishOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Publish(MessageKind.Text, message.ToUtf8Json(), options);
    }

    /// <summary>Publishes <c>{"type":…,"payload":…}</c>.</summary>
    /// <exception cref="ArgumentException">The type is empty or longer than 128 bytes in UTF-8.</exception>
    /// <inheritdoc cref="PublishJson" path="/exception"/>
    public PublishStatus PublishTypedMessage<T>(string type, T payload, PublishOptions options = default) => PublishWritten(
        (type, payload, Publisher.Json),
        static (output, state) => MessageJson.WriteMessage(output, state.type, state.payload, id: null, MessageJsonDefaults.GetTypeInfo<T>(state.Json)),
        options);

    /// <summary>Publishes <c>{"name":…,"data":…}</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty or longer than 128 bytes in UTF-8.</exception>
    /// <inheritdoc cref="PublishJson" path="/exception"/>
    public PublishStatus PublishEvent<T>(string name, T data, PublishOptions options = default) => PublishWritten(
        (name, data, Publisher.Json),
        static (output, state) => MessageJson.WriteEvent(output, state.name, state.data, MessageJsonDefaults.GetTypeInfo<T>(state.Json)),
        options);

    /// <summary>Orders all servers to disconnect the members.</summary>
    /// <param name="code">Tells the clients whether to come back: 1000 to 1003, 1007 to 1014, or 3000 to 4999.</param>
    /// <param name="reason">At most 123 bytes in UTF-8.</param>
    /// <exception cref="ArgumentException">The code must not be sent, or the reason is too long.</exception>
    public PublishStatus Disconnect(CloseCode code, string reason = "")
    {
        CloseRules.ThrowIfNotSendable(code, reason);
        return Publisher.PublishDisconnect(Scopes, new DisconnectOrder(code, reason));
    }

    private PublishStatus PublishWritten<TState>(TState state, Action<ArrayBufferWriter<byte>, TState> write, in PublishOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output, state);
        return Publish(MessageKind.Text, output.WrittenMemory, options);
    }

    private PublishStatus Publish(MessageKind kind, ReadOnlyMemory<byte> message, in PublishOptions options) => Publisher.Publish(
        Scopes,
        new MessageAttributes
        {
            Kind = kind,
            Key = options.Key,
            WhenQueueFull = options.WhenQueueFull,
            Compress = options.Compress,
            ExceptConnection = options.ExceptConnection,
        },
        message);
}
