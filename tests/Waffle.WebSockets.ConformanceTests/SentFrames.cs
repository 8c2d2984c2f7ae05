using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>Frames as a client sees them that come from a server.</summary>
internal static class SentFrames
{
    /// <summary>Where the length begins to need another form.</summary>
    public static readonly int[] Lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];

    /// <summary>Text and binary messages of all <see cref="Lengths"/>, a ping, the longest pong and the longest Close.</summary>
    public static async Task<List<RawFrame>> OfEveryKindAsync()
    {
        await using var pair = ConnectionPair.Create();
        List<RawFrame> frames = [];
        foreach (var length in Lengths)
        {
            Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync(new string('x', length)));
            frames.Add(await pair.Client.NextAsync());
            Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(new byte[length]));
            frames.Add(await pair.Client.NextAsync());
        }

        var ping = pair.Server.PingAsync();
        frames.Add(await pair.Client.NextAsync());
        await pair.Client.SendPongAsync(frames[^1].Payload);
        await ping.Soon();
        await pair.Client.SendPingAsync(new string('x', 125));
        frames.Add(await pair.Client.NextAsync());
        var closing = pair.Server.CloseAsync(CloseCode.NormalClosure, new string('x', 123));
        frames.Add(await pair.Client.NextAsync());
        await pair.Client.SendCloseAsync();
        await closing.Soon();

        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(
            [RawFrame.PingOpcode, RawFrame.PongOpcode, RawFrame.CloseOpcode], frames[(2 * Lengths.Length)..].Select(frame => frame.Opcode));
        return frames;
    }
}
