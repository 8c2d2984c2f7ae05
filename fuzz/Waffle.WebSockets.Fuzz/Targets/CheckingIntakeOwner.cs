using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Hears what was made of each envelope, and compares it with the envelope's bytes.</summary>
internal sealed class CheckingIntakeOwner : IIntakeOwner, ISubscriptionOwner
{
    private readonly Dictionary<(ChannelScope Scope, Guid Server), (long Epoch, long Sequence)> _delivered = [];
    private readonly HashSet<(Guid Server, long Number)> _several = [];
    private ChannelScope? _scope;
    private byte[] _bytes = [];

    // What was made of the envelope under way.
    private Action<EnvelopeWriter>? _content;
    private SeveralRooms? _rooms;
    private bool _isGarbage;
    private bool _isDelivered;
    private int _calls;

    private EnvelopeHeader Header => PlainServerEnvelope.Header(_bytes);

    /// <summary>An envelope comes.</summary>
    /// <param name="scope">Whom its channel is for, if it is subscribed to.</param>
    /// <param name="bytes">What comes.</param>
    public void Begin(ChannelScope? scope, byte[] bytes)
    {
        (_scope, _bytes, _content, _rooms) = (scope, bytes, null, null);
        (_isGarbage, _isDelivered, _calls) = (false, false, 0);
    }

    /// <summary>It was taken.</summary>
    public void End()
    {
        Check.That(_calls <= 1, "One thing is made of an envelope.");
        Check.That(_isGarbage || PlainServerEnvelope.HasChecksum(_bytes), "What has no right checksum is garbage.");
        if (_content is not null)
        {
            Check.SameBytes(_bytes, PlainServerEnvelope.Write(Header, _content), "What is taken is what a server writes.");
        }

        if (_isDelivered)
        {
            CheckNumber();
        }
    }

    public void OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message)
    {
        var (copy, rest) = (attributes, message.ToArray());
        Deliver(EnvelopeKind.Message, scope, writer =>
        {
            copy.Write(writer);
            writer.WriteBytes(rest);
        });
        _rooms = attributes.Rooms;
        Check.That(_rooms is null || _rooms.Names.SequenceEqual(_rooms.Names.Distinct().Order(StringComparer.Ordinal)), "Several rooms are in order.");
        Check.Equal(_bytes.Length - EnvelopeHeader.Length - EnvelopeChecksum.Length, attributes.Length + message.Length, "The length is what is written.");
    }

    public void OnDisconnect(ChannelScope scope, in DisconnectOrder order) => Deliver(EnvelopeKind.Disconnect, scope, order.Write);

    public void OnHole(ChannelScope scope, Guid server, long missing)
    {
        Check.Equal(_scope, scope, "A hole is where the envelope came.");
        Check.Equal(Header.Server, server, "A hole is the server's.");
        Check.That(missing > 0, "A hole is not empty.");
    }

    public void OnServerLost(Guid server) => Take(EnvelopeKind.Marker, server, static _ => { });

    public void OnHeartbeat(Guid server, in Heartbeat heartbeat) => Take(EnvelopeKind.Heartbeat, server, heartbeat.Write);

    public void OnEcho(in Heartbeat heartbeat) => Take(EnvelopeKind.Heartbeat, Header.Server, heartbeat.Write);

    public void OnFarewell(Guid server) => Take(EnvelopeKind.Farewell, server, static _ => { });

    public void OnQuestion(Guid server, in ClusterQuestion question) => Take(EnvelopeKind.Question, server, question.Write);

    public void OnAnswer(Guid server, in ClusterAnswer answer) => Take(EnvelopeKind.Answer, server, answer.Write);

    public void OnGarbage()
    {
        _isGarbage = true;
        _calls++;
    }

    bool ISubscriptionOwner.IsWanted(ChannelScope scope) => true;

    void ISubscriptionOwner.OnSubscriptionFailed(ChannelScope scope, Exception error)
    {
    }

    void ISubscriptionOwner.OnConfirmedLate(ChannelScope scope)
    {
    }

    private void Deliver(EnvelopeKind kind, ChannelScope scope, Action<EnvelopeWriter> content)
    {
        Take(kind, Header.Server, content);
        _isDelivered = true;
        Check.Equal(_scope, scope, "An envelope is for whom its channel is.");
    }

    private void Take(EnvelopeKind kind, Guid server, Action<EnvelopeWriter> content)
    {
        Check.Equal(Header.Kind, kind, "An envelope is what its header says.");
        Check.Equal(Header.Server, server, "An envelope is its server's.");
        _content = content;
        _calls++;
    }

    // Forwards alone, and what comes in several rooms in one of them.
    private void CheckNumber()
    {
        var (key, number) = ((_scope!.Value, Header.Server), (Header.Epoch, Header.Sequence));
        Check.That(!_delivered.TryGetValue(key, out var last) || number.CompareTo(last) > 0, "Nothing is delivered twice or backwards.");
        _delivered[key] = number;
        Check.That(_rooms is null || _several.Add((Header.Server, _rooms.Number)), "What comes in several rooms is delivered once.");
    }
}
