using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>What comes from other servers through a backplane, or from whoever else can publish there.</summary>
/// <remarks>Input, again and again: a byte that chooses the channel and whether the right checksum is put behind, two bytes of length, the envelope.</remarks>
internal sealed class BackplaneTarget : IFuzzTarget
{
    private const int WithChecksum = 4;

    // The numbers that are remembered of a server take 8 KiB, whatever they are.
    private const int FixedMemory = 16 * 1024;
    private const int MemoryPerByte = 32;

    private static readonly Guid _self = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly BackplaneMetrics _metrics = new(factory: null);
    private static readonly ChannelScope[] _scopes = [ChannelScope.Hub, new(ScopeKind.Room, "a"), new(ScopeKind.User, "b")];
    private static readonly string[] _channels = [.. _scopes.Select(static scope => scope.ToChannel("waffle")), "waffle.r.unknown"];

    public string Name => "backplane";

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. Enumerable.Range(1, 7).Select(static kind => (byte[])[(byte)'W', 1, (byte)kind]),
        _self.ToByteArray(), Guid.Parse("00000000-0000-0000-0000-000000000002").ToByteArray(),
        [1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 4, 0, 0, 0, 0, 0, 0],
        [0xE8, 3], [0xFF], [0x80], [0xED, 0xA0, 0x80], [4, 36, 0], [5, 36, 0], [1, 0, 0, 0, (byte)'r'],
    ];

    public IReadOnlyList<string> Covers { get; } = TargetParts.Types(
        "Backplane", "EnvelopeReader", "EnvelopeHeader", "EnvelopeChecksum", "MessageAttributes", "SeveralRooms", "Heartbeat", "ClusterQuestion", "ClusterAnswer",
        "DisconnectOrder", "Intake", "ReceivedSequences", "RecentNumbers");

    public int MaxLength => 2048;

    public int StepsPerByte => 200;

    public long Run(ReadOnlySpan<byte> input)
    {
        var owner = new CheckingIntakeOwner();
        using var subscriptions = new Subscriptions(new InMemoryExchange().Connect(), owner, "waffle", TimeProvider.System, retryPause: TimeSpan.FromSeconds(1));
        Array.ForEach(_scopes, scope => _ = subscriptions.Check(scope));
        var intake = new Intake(_self, subscriptions, new ServerDirectory(TimeSpan.FromSeconds(15), TimeProvider.System), owner, _metrics);
        long given = input.Length;
        for (var rest = new FuzzInput(input); !rest.Rest.IsEmpty;)
        {
            var how = rest.TakeByte();
            var bytes = rest.TakePiece().ToArray();
            if ((how & WithChecksum) != 0)
            {
                bytes = [.. bytes, .. PlainServerEnvelope.Checksum(bytes)];
            }

            Take(intake, owner, how & 3, bytes);
            given += bytes.Length;
        }

        return given;
    }

    private static void Take(Intake intake, CheckingIntakeOwner owner, int channel, byte[] bytes)
    {
        owner.Begin(channel < _scopes.Length ? _scopes[channel] : null, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        intake.Take(_channels[channel], bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Check.That(allocated <= FixedMemory + ((long)MemoryPerByte * bytes.Length), "What is allocated is in proportion to what came.");
        owner.End();
    }
}
