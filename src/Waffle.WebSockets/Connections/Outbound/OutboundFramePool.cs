using System.Numerics;
using Microsoft.Extensions.ObjectPool;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Frames of one size: short ones keep their buffer, long ones rent one for each use.</summary>
/// <remarks>
/// A buffer that one thread rents and others give back would pile up where the shared pool does not look for it. The sizes are powers of two, so that a
/// queue of short messages holds no more memory than it counts.
/// </remarks>
internal sealed class OutboundFramePool : IPooledObjectPolicy<OutboundFrame>
{
    /// <summary>The length of the longest buffer that a frame keeps.</summary>
    public const int LongestKept = 512;

    /// <summary>The length of the shortest one.</summary>
    public const int ShortestKept = 64;

    // Of each size.
    private const int MaxIdle = 1024;

    private static readonly OutboundFramePool[] _pools = [new(ShortestKept), new(128), new(256), new(LongestKept)];
    private static readonly OutboundFramePool _long = new(0);

    private readonly DefaultObjectPool<OutboundFrame> _frames;
    private readonly int _bufferLength;

    private OutboundFramePool(int bufferLength)
    {
        _bufferLength = bufferLength;
        _frames = new DefaultObjectPool<OutboundFrame>(this, MaxIdle);
    }

    /// <summary>The pool of frames for so many bytes, at least one.</summary>
    public static OutboundFramePool For(int length) =>
        length > LongestKept ? _long : _pools[Math.Max(0, BitOperations.Log2((uint)(length - 1)) - BitOperations.Log2(ShortestKept) + 1)];

    public OutboundFrame Rent() => _frames.Get();

    public void Return(OutboundFrame frame) => _frames.Return(frame);

    OutboundFrame IPooledObjectPolicy<OutboundFrame>.Create() => new(this, _bufferLength == 0 ? [] : new byte[_bufferLength]);

    bool IPooledObjectPolicy<OutboundFrame>.Return(OutboundFrame frame) => true;
}
