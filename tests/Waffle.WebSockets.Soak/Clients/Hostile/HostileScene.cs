using System.Net.Sockets;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>What a hostile peer works with: one TCP connection.</summary>
internal sealed class HostileScene(Socket socket, string id) : IDisposable
{
    /// <summary>The outcome of a connection that ended without a Close, and of one that the peer itself has cut.</summary>
    public const string Cut = "cut";

    /// <summary>The outcome of one that stayed, and was answered.</summary>
    public const string Answered = "answered";

    public Stream Stream { get; } = new NetworkStream(socket, ownsSocket: false);

    public Task<RawPeer> UpgradeAsync(string path = SoakPaths.Short, string? extensions = null) =>
        ServerAddress.UpgradeAsync(socket, path, id, extensions);

    /// <summary>A reset.</summary>
    public string Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return Cut;
    }

    /// <summary>Reads what is not frames, to the end; its first line is the outcome.</summary>
    public async Task<string> ReadTextToEndAsync()
    {
        using var reader = new StreamReader(Stream);
        return (await reader.ReadToEndAsync()).Split('\r')[0] is { Length: > 0 } line ? line : Cut;
    }

    /// <summary>Reads to the end; the code of the server's Close is the outcome.</summary>
    /// <param name="peer">Who reads.</param>
    /// <param name="answersPings">Whether it does so meanwhile.</param>
    public static async Task<string> ReadToEndAsync(RawPeer peer, bool answersPings = false)
    {
        var outcome = Cut;
        try
        {
            while (await peer.ReadFrameAsync() is { } frame)
            {
                if (frame.Opcode == RawFrame.CloseOpcode)
                {
                    outcome = $"{(int?)frame.CloseCode}";
                }
                else if (answersPings && frame.Opcode == RawFrame.PingOpcode)
                {
                    await peer.SendPongAsync(frame.Payload);
                }
            }
        }
        catch (IOException)
        {
            // A reset, perhaps while we still send.
        }

        return outcome;
    }

    public void Dispose() => socket.Dispose();
}
