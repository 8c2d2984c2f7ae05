using System.Threading.Channels;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A peer that answers pings by itself, as a browser does, and keeps the texts that come.</summary>
internal sealed class AnsweringPeer : IAsyncDisposable
{
    private readonly RawPeer _peer;
    private readonly Channel<string> _texts = Channel.CreateUnbounded<string>();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Task<RawFrame?> _reading;
    private volatile Task _mayAnswer = Task.CompletedTask;
    private int _pings;

    public AnsweringPeer(RawPeer peer)
    {
        _peer = peer;
        _reading = ReadAsync();
    }

    /// <summary>How many pings have come.</summary>
    public int Pings => Volatile.Read(ref _pings);

    /// <summary>Until when pings stay unanswered.</summary>
    public Task MayAnswer
    {
        set => _mayAnswer = value;
    }

    /// <summary>The Close that came; <see langword="null"/> if the stream ended without one.</summary>
    public Task<RawFrame?> End => _reading;

    public Task SendTextAsync(string text) => SendAsync(RawFrame.TextOpcode, System.Text.Encoding.UTF8.GetBytes(text));

    public Task<string> NextTextAsync() => _texts.Reader.ReadAsync().Soon();

    /// <summary>Whether what it says comes back.</summary>
    public async Task AssertEchoesAsync(string text)
    {
        await SendTextAsync(text);
        Assert.Equal(text, await NextTextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sending.Dispose();
    }

    private async Task<RawFrame?> ReadAsync()
    {
        try
        {
            while (await _peer.ReadFrameAsync() is { } frame)
            {
                switch (frame.Opcode)
                {
                    case RawFrame.PingOpcode:
                        Interlocked.Increment(ref _pings);
                        await _mayAnswer;
                        await SendAsync(RawFrame.PongOpcode, frame.Payload);
                        break;
                    case RawFrame.TextOpcode:
                        _texts.Writer.TryWrite(frame.Text);
                        break;
                    case RawFrame.CloseOpcode:
                        return frame;
                    default:
                        break;
                }
            }

            return null;
        }
        finally
        {
            _texts.Writer.TryComplete();
        }
    }

    private async Task SendAsync(byte opcode, byte[] payload)
    {
        await _sending.WaitAsync();
        try
        {
            await _peer.SendFrameAsync(opcode, payload);
        }
        finally
        {
            _sending.Release();
        }
    }
}
