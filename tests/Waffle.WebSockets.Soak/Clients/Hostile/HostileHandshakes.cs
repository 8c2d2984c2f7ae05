using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>Peers that do not get as far as a WebSocket.</summary>
internal static class HostileHandshakes
{
    private static ReadOnlyMemory<byte> HalfRequest => Encoding.Latin1.GetBytes(RawHandshake.Request(SoakPaths.Plain)[..60]);

    public static async Task<string> SendNoiseAsync(HostileScene scene)
    {
        var noise = new byte[4096];
        Random.Shared.NextBytes(noise);
        try
        {
            await scene.Stream.WriteAsync(noise);
            return await scene.ReadTextToEndAsync();
        }
        catch (IOException)
        {
            return HostileScene.Cut;
        }
    }

    public static async Task<string> FallSilentAsync(HostileScene scene)
    {
        await scene.Stream.WriteAsync(HalfRequest);
        return await scene.ReadTextToEndAsync();
    }

    public static async Task<string> ResetAsync(HostileScene scene)
    {
        await scene.Stream.WriteAsync(HalfRequest);
        return scene.Reset();
    }
}
