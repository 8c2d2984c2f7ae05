using CsCheck;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

public sealed class SocketOutputTests
{
    private static readonly Gen<byte[][]> _batch = Gen.Byte.Array[1, 300].Array[1, 4];

    [Fact]
    public async Task Whatever_a_full_socket_takes_at_a_time_all_bytes_go_out_once_and_in_order() =>
        await Gen.Select(_batch.Array[1, 8], Gen.Int[0, 200].Array[0, 40]).SampleAsync(async (batches, room) =>
        {
            var socket = new ScriptedSocket(room);
            var output = new SocketOutput(socket);
            foreach (var batch in batches)
            {
                Assert.True(await Flush(output, batch));
            }

            Assert.Equal(batches.SelectMany(static batch => batch).SelectMany(static piece => piece), socket.Taken);
        });

    [Fact]
    public async Task Wherever_the_connection_goes_what_was_taken_is_a_beginning_and_nothing_is_sent_after_it() =>
        await Gen.Select(_batch, Gen.Int[0, 200].Array[0, 10]).SampleAsync(async (batch, room) =>
        {
            var socket = new ScriptedSocket([.. room, -1]);
            var isTaken = await Flush(new SocketOutput(socket), batch);
            var all = batch.SelectMany(static piece => piece).ToArray();
            Assert.Equal(all.Take(socket.Taken.Count), socket.Taken);
            Assert.Equal(isTaken, socket.Taken.Count == all.Length);
            Assert.Equal(isTaken, !socket.IsGone);
        });

    [Fact]
    public async Task A_batch_is_one_send()
    {
        var socket = new ScriptedSocket();
        Assert.True(await Flush(new SocketOutput(socket), [new byte[10], new byte[20], new byte[30]]));
        Assert.Equal((1, 60), (socket.Calls, socket.Taken.Count));
    }

    [Fact]
    public void Several_outputs_of_one_thread_do_not_mix()
    {
        ScriptedSocket[] sockets = [new(0, 0, 0), new(), new(1)];
        foreach (var (number, socket) in sockets.Index())
        {
            _ = Flush(new SocketOutput(socket), [[(byte)number], [(byte)number]]);
        }

        Assert.Equal([1, 1], sockets[1].Taken);
    }

    // Append and flush without a pause in between, as the writer does.
    private static Task<bool> Flush(SocketOutput output, byte[][] batch)
    {
        foreach (var piece in batch)
        {
            output.Append(piece);
        }

        return output.FlushAsync().AsTask();
    }
}
