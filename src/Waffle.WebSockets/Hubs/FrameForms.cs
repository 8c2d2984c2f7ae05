using System.Runtime.CompilerServices;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Hubs;

/// <summary>A broadcast's frame as it is, and the compressed forms that its receivers share: each is made once, before any lock is taken.</summary>
internal ref struct FrameForms
{
    private readonly OutboundFrame _plain;
    private readonly bool? _isWanted;
    private Compressed _compressed;

    public FrameForms(in MemberGroups groups, OutboundFrame frame, bool? isWanted)
    {
        _plain = frame;
        _isWanted = isWanted;
        for (var i = 0; i < groups.Length; i++)
        {
            Prepare(groups[i].Deflate);
        }
    }

    /// <summary>What a connection is sent, and whether it goes out like that.</summary>
    public readonly OutboundFrame For(ConnectionCompression? compression, out bool isFinished)
    {
        isFinished = compression?.IsFinished(_plain, _isWanted) ?? true;
        return compression is { IsShared: true } && compression.Wants(_plain, _isWanted)
            ? _compressed[compression.Agreement.DeflateWindowBits - DeflateAgreement.MinWindowBits] ?? _plain
            : _plain;
    }

    /// <summary>Gives back the compressed forms.</summary>
    public readonly void Release()
    {
        foreach (var form in _compressed)
        {
            form?.Release();
        }
    }

    private void Prepare(DeflateCensus census)
    {
        if (!(_isWanted ?? _plain.PayloadLength >= census.Threshold))
        {
            return;
        }

        for (var bits = DeflateAgreement.MinWindowBits; bits <= DeflateAgreement.MaxWindowBits; bits++)
        {
            if (census[bits] > 0 && MessageDeflater.Pays(_plain.PayloadLength, bits))
            {
                _compressed[bits - DeflateAgreement.MinWindowBits] ??= ConnectionCompression.CompressShared(_plain, bits);
            }
        }
    }

    [InlineArray(DeflateAgreement.MaxWindowBits - DeflateAgreement.MinWindowBits + 1)]
    private struct Compressed
    {
        private OutboundFrame? _first;
    }
}
