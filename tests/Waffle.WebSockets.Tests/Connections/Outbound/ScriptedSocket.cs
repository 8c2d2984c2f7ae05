using Waffle.WebSockets.AspNetCore.DirectOutput;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

/// <summary>A socket that takes as much as a script says, step by step, and keeps what it took.</summary>
/// <param name="steps">For each call, how many bytes there is room for; negative: the connection is gone. After the last, for all.</param>
internal sealed class ScriptedSocket(params IEnumerable<int> steps) : IConnectionSocket
{
    private readonly Queue<int> _steps = new(steps);

    public List<byte> Taken { get; } = [];

    public int Calls { get; private set; }

    public KernelProgress? Progress => UncountedBytes is { } uncounted ? new KernelProgress(Taken.Count + uncounted, Received) : null;

    /// <summary>What the kernel was given before this socket was looked at.</summary>
    public long? UncountedBytes { get; set; } = 0;

    /// <summary>What has come from the peer.</summary>
    public long Received { get; set; }

    public bool IsGone { get; private set; }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        Assert.False(IsGone, "Nothing may be sent on a socket that is gone.");
        Calls++;
        var room = _steps.TryDequeue(out var step) ? step : int.MaxValue;
        IsGone = room < 0;
        if (IsGone)
        {
            return -1;
        }

        bytes = bytes[..Math.Min(room, bytes.Length)];
        Taken.AddRange(bytes);
        return bytes.Length;
    }

    // Waits for another thread to make room, and for at least one byte.
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await Task.Yield();
        var sent = 0;
        while (sent == 0)
        {
            sent = Send(bytes.Span);
        }

        return sent;
    }
}
