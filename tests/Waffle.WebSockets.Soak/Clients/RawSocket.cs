using System.Net.Sockets;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>A client that makes its frames itself: in fragments, with pings between them. It can end TCP in all ways.</summary>
internal sealed class RawSocket : ClientSocket
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Socket _socket;
    private readonly RawPeer _peer;
    private readonly string _path;
    private readonly Random _random;
    private bool _closeSent;

    private RawSocket(Socket socket, RawPeer peer, string path, Random random)
    {
        _socket = socket;
        _peer = peer;
        _path = path;
        _random = random;
    }

    public override string Description => $"hand-made frames at {_path}";

    public static async Task<RawSocket> ConnectAsync(ServerAddress server, string path, string id, Random random)
    {
        var socket = await server.DialAsync();
        try
        {
            return new RawSocket(socket, await ServerAddress.UpgradeAsync(socket, path, id), path, random);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override Task SendTextAsync(byte[] utf8) => InTurnAsync(async () =>
    {
        var opcode = RawFrame.TextOpcode;
        var rest = utf8.AsMemory();
        for (var cuts = _random.Next(3); cuts > 0; cuts--)
        {
            var piece = rest[.._random.Next(rest.Length + 1)];
            await _peer.SendFrameAsync(opcode, piece, isFinal: false);
            await _peer.SendPingAsync("still here");
            rest = rest[piece.Length..];
            opcode = RawFrame.Continuation;
        }

        await _peer.SendFrameAsync(opcode, rest);
    });

    public override async Task<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        while (true)
        {
            var frame = await ReadAsync();
            switch (frame?.Opcode)
            {
                case RawFrame.TextOpcode when frame.IsFinal && !frame.IsMasked && frame.ReservedBits == 0:
                    return frame.Payload;
                case RawFrame.PingOpcode:
                    await InTurnAsync(() => _peer.SendPongAsync(frame.Payload));
                    break;
                case RawFrame.PongOpcode:
                    break;
                case RawFrame.CloseOpcode:
                    CloseCode = frame.CloseCode is { } code ? (int)code : 1005;
                    await InTurnAsync(() => _closeSent ? Task.CompletedTask : _peer.SendCloseAsync(CloseCode));
                    return await ReadAsync() is null ? null : throw new InvalidDataException("There was something after the Close.");
                case null:
                    throw new EndOfStreamException("The stream ended without a Close.");
                default:
                    throw new InvalidDataException($"An unexpected frame: {frame}.");
            }
        }
    }

    public override Task SendCloseAsync(int code) => InTurnAsync(async () =>
    {
        _closeSent = true;
        await _peer.SendCloseAsync(code);
    });

    public override void Cut(Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                _socket.LingerState = new LingerOption(true, 0);    // a reset
                _socket.Close();
                break;
            case 1:
                _socket.Close();
                break;
            default:
                _socket.Shutdown(SocketShutdown.Send);              // the server's side ends by itself
                break;
        }
    }

    // The peer has nothing else that is not garbage, and would write what is left.
    public override void Dispose() => _socket.Dispose();

    private async Task<RawFrame?> ReadAsync()
    {
        try
        {
            return await _peer.ReadFrameAsync();
        }
        catch (Exception error) when (error is ObjectDisposedException or TimeoutException)
        {
            throw new IOException(error.Message, error);
        }
    }

    // Pongs are sent by the one who receives.
    private async Task InTurnAsync(Func<Task> send)
    {
        await _turn.WaitAsync();
        try
        {
            await send();
        }
        catch (ObjectDisposedException error)
        {
            throw new IOException(error.Message, error);
        }
        finally
        {
            _turn.Release();
        }
    }
}
