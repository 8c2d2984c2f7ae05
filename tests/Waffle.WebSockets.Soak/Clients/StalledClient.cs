using System.Text.Json;
using Waffle.WebSockets.Soak.Server;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>A client in all rooms that goes on talking and does not read, or a little only.</summary>
internal static class StalledClient
{
    private const string Deflate = "permessage-deflate";

    private static readonly string[] _paths = [SoakPaths.Short, SoakPaths.Tight, SoakPaths.Lossy];

    public static async Task RunAsync(ServerAddress server, string id, Tally tally, Random random, Lifetime life)
    {
        using var socket = await server.DialAsync(static socket => socket.ReceiveBufferSize = 4 * 1024);
        var peer = await ServerAddress.UpgradeAsync(socket, random.GetItems(_paths, 1)[0], id, Deflate);
        var readsALittle = random.Next(3) == 0;
        try
        {
            for (var room = 0; room < Targets.RoomCount; room++)
            {
                await SendAsync(peer, "join", new RoomName { Room = Targets.RoomName(room) });
            }

            while (!life.IsOver)
            {
                // As long as it talks, it is not silent.
                await SendAsync(peer, "echo", new Question { Number = 0, Text = "I am here." });
                if (readsALittle)
                {
                    var read = await peer.Transport.Input.ReadAsync();
                    peer.Transport.Input.AdvanceTo(read.Buffer.End);
                }

                await life.PauseAsync(TimeSpan.FromSeconds(1));
            }
        }
        catch (IOException)
        {
            tally.CountStalledCut();
        }
    }

    private static Task SendAsync<T>(RawPeer peer, string type, T payload)
    {
        var message = JsonSerializer.SerializeToUtf8Bytes(new { type, payload, id = "1" }, JsonSerializerOptions.Web);
        return peer.SendFrameAsync(RawFrame.TextOpcode, message);
    }
}
