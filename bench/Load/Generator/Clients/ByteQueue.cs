namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>Bytes that wait; the buffer is kept for the next ones.</summary>
internal sealed class ByteQueue
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, Length);

    /// <summary>Makes room for so many more bytes at the end, for the caller to write.</summary>
    public Span<byte> Append(int length)
    {
        if (_buffer.Length - _end < length)
        {
            MakeRoom(length);
        }

        _end += length;
        return _buffer.AsSpan(_end - length, length);
    }

    /// <summary>Takes bytes away from the start.</summary>
    public void Drop(int length)
    {
        _start += length;
        if (_start == _end)
        {
            Clear();
        }
    }

    public void Clear() => _start = _end = 0;

    private void MakeRoom(int length)
    {
        var waiting = Bytes;
        var needed = waiting.Length + length;
        var target = needed > _buffer.Length ? new byte[needed * 2] : _buffer;
        waiting.CopyTo(target);
        (_buffer, _start, _end) = (target, 0, waiting.Length);
    }
}
