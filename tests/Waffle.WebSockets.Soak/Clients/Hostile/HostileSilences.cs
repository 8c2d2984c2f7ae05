using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>Peers that are ended by a time limit.</summary>
internal static class HostileSilences
{
    /// <summary>A byte of a message now and then, which never gets whole.</summary>
    public static async Task<string> DripAsync(HostileScene scene)
    {
        var peer = await scene.UpgradeAsync();
        var reading = HostileScene.ReadToEndAsync(peer);
        try
        {
            await peer.SendBytesAsync(RawFrame.Encode(RawFrame.TextOpcode, new byte[100], mask: [0, 0, 0, 0]).AsMemory(0, 6));
            using var drops = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            while (!reading.IsCompleted && await drops.WaitForNextTickAsync())
            {
                await peer.SendBytesAsync("x"u8.ToArray());
            }
        }
        catch (IOException)
        {
            // The end, as expected.
        }

        return await reading;
    }

    /// <summary>Reads only.</summary>
    public static async Task<string> AnswerNothingAsync(HostileScene scene) =>
        await HostileScene.ReadToEndAsync(await scene.UpgradeAsync());

    /// <summary>Reads and answers pings.</summary>
    public static async Task<string> SayNothingAsync(HostileScene scene) =>
        await HostileScene.ReadToEndAsync(await scene.UpgradeAsync(), answersPings: true);

    /// <summary>Asks for a Close, and does not answer it.</summary>
    public static async Task<string> IgnoreCloseAsync(HostileScene scene)
    {
        var peer = await scene.UpgradeAsync();
        await peer.SendTextAsync("""{"type":"bye"}""");
        return await HostileScene.ReadToEndAsync(peer);
    }
}
