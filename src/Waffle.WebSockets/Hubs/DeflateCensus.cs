using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Hubs;

/// <summary>How many members of a group share a compressed form with each window: what is worth making before a broadcast.</summary>
/// <remarks>Changed under the group's lock; read without it, since who is missed gets the message as it is.</remarks>
internal sealed class DeflateCensus
{
    private const int Windows = DeflateAgreement.MaxWindowBits - DeflateAgreement.MinWindowBits + 1;

    private int[]? _members;
    private int _threshold = int.MaxValue;

    /// <summary>From how many bytes on any of them wants a message compressed.</summary>
    public int Threshold => Volatile.Read(ref _threshold);

    public int this[int windowBits] =>
        Volatile.Read(ref _members) is { } members ? Volatile.Read(ref members[windowBits - DeflateAgreement.MinWindowBits]) : 0;

    public void Add(ConnectionCompression? compression)
    {
        if (compression is { IsShared: true })
        {
            _members ??= new int[Windows];
            _members[compression.Agreement.DeflateWindowBits - DeflateAgreement.MinWindowBits]++;
            _threshold = Math.Min(_threshold, compression.Threshold);
        }
    }

    public void Remove(ConnectionCompression? compression)
    {
        if (compression is { IsShared: true })
        {
            _members![compression.Agreement.DeflateWindowBits - DeflateAgreement.MinWindowBits]--;
        }
    }
}
