using System.Text.Json;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Messages;

/// <summary>The one place where JSON becomes a frame: once per send or broadcast. The caller releases the frame.</summary>
internal static class JsonFrame
{
    public static OutboundFrame Value<T>(T value, JsonSerializerOptions? options) => Encode(
        (value, options), static (frame, state) => MessageJson.WriteValue(frame, state.value, MessageJsonDefaults.GetTypeInfo<T>(state.options)));

    public static OutboundFrame Message(TypedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Encode(message, static (frame, state) => MessageJson.WriteMessage(frame, state.Type, state.Payload, state.Id));
    }

    public static OutboundFrame TypedMessage<T>(string type, T payload, JsonSerializerOptions options, string? id = null) => Encode(
        (type, payload, id, options),
        static (frame, state) => MessageJson.WriteMessage(
            frame, state.type, state.payload, state.id, MessageJsonDefaults.GetTypeInfo<T>(state.options)));

    public static OutboundFrame Event<T>(string name, T data, JsonSerializerOptions options) => Encode(
        (name, data, options),
        static (frame, state) => MessageJson.WriteEvent(frame, state.name, state.data, MessageJsonDefaults.GetTypeInfo<T>(state.options)));

    private static OutboundFrame Encode<TState>(TState state, Action<OutboundFrame, TState> write)
    {
        var frame = OutboundFrame.Rent();
        try
        {
            write(frame, state);
        }
        catch
        {
            // Nothing was queued anywhere: what can't be serialised reaches the caller and nobody else.
            frame.Release();
            throw;
        }

        frame.Seal(Opcode.Text);
        return frame.Fit();
    }
}
