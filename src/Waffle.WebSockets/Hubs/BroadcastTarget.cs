using System.Text.Json;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets;

/// <summary>Whom one can send to together: everybody in a hub, a room, several rooms, or all connections of a user.</summary>
/// <remarks>
/// <para>
/// A broadcast encodes and frames its message once, never waits for a receiver, and returns when every member's queue has taken or refused it. Up to 16
/// members have it in their outputs by then; to more it is written on the thread pool. The result says what became of it for each member. Two broadcasts that share members reach all of these in the same order if they go
/// through the same hub, user or room, also as one of several rooms.
/// </para>
/// <para>All members are safe to call from any thread. A target without members reaches nobody, which is no error.</para>
/// </remarks>
/// <example>
/// <code>
/// BroadcastTarget[] targets = [hub, hub.Room("tea"), hub.Rooms("tea", "coffee"), hub.User("alice")];
/// foreach (var target in targets)
/// {
///     var result = await target.BroadcastTypedMessageAsync("news", new { text = "Closing soon." }, default, ct);
///     Console.WriteLine($"{result.Queued} of {result.Targeted} get it.");
/// }
/// </code>
/// </example>
public abstract class BroadcastTarget
{
    private protected BroadcastTarget()
    {
    }

    /// <summary>How many clients there are now, each counted once.</summary>
    public int Count => FindGroups().Count;

    private protected abstract JsonSerializerOptions SerializerOptions { get; }

    /// <summary>The way to the members on other servers.</summary>
    internal abstract Publication Publication { get; }

    /// <summary>Where the members are now.</summary>
    private protected abstract MemberGroups FindGroups();

    /// <summary>Broadcasts a message that is encoded already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Checked before anything is sent.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing was sent.</exception>
    public ValueTask<BroadcastResult> BroadcastAsync(
        PreparedMessage message, SendOptions options = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Send(message.Frame, options, cancellationToken);
    }

    /// <summary>Broadcasts text.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half of a surrogate pair.</exception>
    /// <inheritdoc cref="BroadcastAsync" path="/*[not(self::summary)]"/>
    public ValueTask<BroadcastResult> BroadcastTextAsync(string text, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(MessageFrame.CreateText(text), options, cancellationToken);

    /// <summary>Broadcasts binary data, which is copied.</summary>
    /// <inheritdoc cref="BroadcastAsync" path="/*[not(self::summary)]"/>
    public ValueTask<BroadcastResult> BroadcastBinaryAsync(
        ReadOnlyMemory<byte> data, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(OutboundFrame.Rent(Opcode.Binary, data.Span), options, cancellationToken);

    /// <summary>Broadcasts a value as bare JSON.</summary>
    /// <exception cref="JsonException">The value can't be serialised; nothing was sent.</exception>
    /// <exception cref="NotSupportedException">Its type is not known to the serialiser; nothing was sent.</exception>
    /// <inheritdoc cref="BroadcastAsync" path="/*[not(self::summary)]"/>
    public ValueTask<BroadcastResult> BroadcastJsonAsync<T>(T value, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.Value(value, SerializerOptions), options, cancellationToken);

    /// <summary>Broadcasts a message with its type, payload and id.</summary>
    /// <inheritdoc cref="BroadcastAsync" path="/*[not(self::summary)]"/>
    public ValueTask<BroadcastResult> BroadcastMessageAsync(
        TypedMessage message, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.Message(message), options, cancellationToken);

    /// <summary>Broadcasts <c>{"type":…,"payload":…}</c>.</summary>
    /// <param name="type">The message's type, 1 to 128 bytes in UTF-8.</param>
    /// <param name="payload">The payload, serialised with the application's JSON options.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Checked before anything is sent.</param>
    /// <exception cref="ArgumentException">The type is empty or too long.</exception>
    /// <inheritdoc cref="BroadcastJsonAsync" path="/exception"/>
    public ValueTask<BroadcastResult> BroadcastTypedMessageAsync<T>(
        string type, T payload, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.TypedMessage(type, payload, SerializerOptions), options, cancellationToken);

    /// <summary>Broadcasts <c>{"name":…,"data":…}</c>.</summary>
    /// <param name="name">The event's name, 1 to 128 bytes in UTF-8.</param>
    /// <param name="data">The data, serialised with the application's JSON options.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Checked before anything is sent.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <inheritdoc cref="BroadcastJsonAsync" path="/exception"/>
    public ValueTask<BroadcastResult> BroadcastEventAsync<T>(
        string name, T data, SendOptions options = default, CancellationToken cancellationToken = default) =>
        Send(JsonFrame.Event(name, data, SerializerOptions), options, cancellationToken);

    /// <summary>Counts the members on all servers.</summary>
    /// <param name="cancellationToken">Ends the wait for other servers' answers.</param>
    public Task<ClusterCount> CountEverywhereAsync(CancellationToken cancellationToken = default) => ClusterCensus.CountAsync(this, cancellationToken);

    /// <summary>Lists the members on all servers.</summary>
    /// <param name="cancellationToken">Ends the wait for other servers' answers.</param>
    public Task<ClusterMembers> GetMembersEverywhereAsync(CancellationToken cancellationToken = default) => ClusterCensus.ListAsync(this, cancellationToken);

    /// <summary>Begins to close the connections of all members, on all servers, and does not wait for them.</summary>
    /// <param name="code">Tells the clients whether to come back: 1000 to 1003, 1007 to 1014, or 3000 to 4999.</param>
    /// <param name="reason">At most 123 bytes in UTF-8.</param>
    /// <param name="cancellationToken">Checked before anybody is disconnected.</param>
    /// <exception cref="ArgumentException">The code must not be sent, or the reason is too long; nobody was disconnected.</exception>
    public Task<DisconnectResult> DisconnectAsync(CloseCode code, string reason = "", CancellationToken cancellationToken = default)
    {
        CloseRules.ThrowIfNotSendable(code, reason);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<DisconnectResult>(cancellationToken);
        }

        var members = FindGroups().Snapshot();
        foreach (var member in members)
        {
            member.Connection.BeginClose(code, reason);
        }

        return Task.FromResult(new DisconnectResult(members.Length, Publication.PublishDisconnect(code, reason)));
    }

    /// <summary>The members on this server, as they are now.</summary>
    internal HubClient[] Snapshot() => FindGroups().Snapshot();

    private ValueTask<BroadcastResult> Send(OutboundFrame frame, in SendOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return cancellationToken.IsCancellationRequested
                ? ValueTask.FromCanceled<BroadcastResult>(cancellationToken)
                : new ValueTask<BroadcastResult>(FanOut.Send(FindGroups(), frame, options, Publication));
        }
        finally
        {
            frame.Release();
        }
    }
}
