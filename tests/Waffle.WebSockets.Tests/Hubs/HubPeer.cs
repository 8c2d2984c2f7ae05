using System.Text;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A hub's client and the hand-made peer behind it.</summary>
internal sealed record HubPeer(ConnectionPair Pair, HubClient Client)
{
    private const string Mark = "--- up to here ---";

    private readonly DeflatePeer _inflater = new();

    public RawPeer Peer => Pair.Client;

    /// <summary>The text of the next frame, which must be text.</summary>
    public async Task<string> NextTextAsync()
    {
        var frame = await Peer.NextAsync();
        Assert.Equal(RawFrame.TextOpcode, frame.Opcode);
        return Encoding.UTF8.GetString(_inflater.PayloadOf(frame));
    }

    /// <summary>The texts that were sent before this call and not read yet.</summary>
    public async Task<List<string>> TextsSoFarAsync()
    {
        Assert.Equal(SendStatus.Queued, await Client.SendTextAsync(Mark));
        var texts = new List<string>();
        for (var text = await NextTextAsync(); text != Mark; text = await NextTextAsync())
        {
            texts.Add(text);
        }

        return texts;
    }

    /// <summary>The peer's stream ends without a Close. Returns when the client has left and its callback has ended.</summary>
    public async Task VanishAsync()
    {
        await Peer.EndAsync();
        await Client.Departure.Soon();
    }
}
