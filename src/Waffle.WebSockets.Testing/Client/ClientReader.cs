using System.IO.Pipelines;
using Waffle.WebSockets.Testing.Frames;

namespace Waffle.WebSockets.Testing.Client;

/// <summary>Reads what the server sends, at all times, up to the end of the stream.</summary>
internal sealed class ClientReader(PipeReader input, ServerMessages messages, IClientReaderOwner owner)
{
    /// <summary>Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                while (ServerFrame.TryRead(ref buffer) is { } frame)
                {
                    Take(frame);
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            owner.OnEnd(error: null);
        }
        catch (Exception error)
        {
            owner.OnEnd(error);
        }

        await input.CompleteAsync();
    }

    private void Take(ServerFrame frame)
    {
        switch (frame.Opcode)
        {
            case Opcodes.Ping:
                owner.OnPing(frame.Payload);
                break;
            case Opcodes.Pong:
                owner.OnPong(frame.Payload);
                break;
            case Opcodes.Close:
                var (code, reason) = CloseFrame.Read(frame.Payload);
                owner.OnClose(code, reason);
                break;
            case Opcodes.Continuation or Opcodes.Text or Opcodes.Binary:
                if (messages.Add(frame) is { } message)
                {
                    owner.OnMessage(message);
                }

                break;
            default:
                throw new InvalidDataException($"The server sent a frame with the opcode {frame.Opcode}.");
        }
    }
}
