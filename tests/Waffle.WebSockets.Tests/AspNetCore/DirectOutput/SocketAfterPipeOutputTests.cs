using System.Buffers;
using System.IO.Pipelines;
using CsCheck;
using Waffle.WebSockets.AspNetCore.DirectOutput;
using Waffle.WebSockets.Tests.Connections.Outbound;

namespace Waffle.WebSockets.Tests.AspNetCore.DirectOutput;

/// <summary>The change of the way, with a server that moves what is in its pipe when it likes, and as much as the kernel takes.</summary>
public sealed class SocketAfterPipeOutputTests
{
    // A batch of so many bytes, or a step of the server's: so many bytes that the kernel takes of the pipe.
    private static readonly Gen<(bool IsBatch, int Length)[]> _steps = Gen.Select(Gen.Bool, Gen.Int[1, 200]).Array[1, 30];

    [Fact]
    public async Task Nothing_overtakes_what_went_through_the_pipe() =>
        await Gen.Select(_steps, Gen.Int[0, 100].Array[0, 20], Gen.Int[0, 300]).SampleAsync(async (steps, room, head) =>
        {
            var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 0));
            var socket = new ScriptedSocket(room);
            var server = new SlowServer(pipe.Reader, socket);
            await pipe.Writer.WriteAsync(Numbered(0, head));
            var output = new SocketAfterPipeOutput(pipe.Writer, socket, head);
            var sent = head;
            var wasDirect = false;
            foreach (var (isBatch, length) in steps)
            {
                if (!isBatch)
                {
                    server.Step(length);
                    continue;
                }

                output.Append(Numbered(sent, length));
                output.Append(Numbered(sent + length, length));
                sent += 2 * length;
                Assert.True(await output.FlushAsync());
                Assert.False(wasDirect && !output.IsDirect);
                wasDirect = output.IsDirect;
                Assert.Equal(wasDirect ? sent : Math.Min(sent, socket.Taken.Count), socket.Taken.Count);
            }

            server.Step(int.MaxValue);
            Assert.Equal(Numbered(0, sent), socket.Taken);
        });

    // An answer to a request before the upgrade, of whatever length, lies in the pipe as well and is not counted: its client did not wait for it.
    [Fact]
    public async Task Nothing_overtakes_what_an_earlier_request_has_left_in_the_pipe() =>
        await Gen.Select(_steps, Gen.Int[1, 300], Gen.Int[1, 300]).SampleAsync(async (steps, earlier, head) =>
        {
            var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 0));
            var socket = new ScriptedSocket();
            var server = new SlowServer(pipe.Reader, socket);
            var sent = earlier + head;
            await pipe.Writer.WriteAsync(Numbered(0, sent));
            var output = new SocketAfterPipeOutput(pipe.Writer, socket, head, received: 100);
            socket.Received = 100;
            foreach (var (isBatch, length) in steps)
            {
                if (isBatch)
                {
                    output.Append(Numbered(sent, length));
                    sent += length;
                    Assert.True(await output.FlushAsync());
                }
                else
                {
                    server.Step(length);

                    // Who has all of the answer to the upgrade speaks.
                    socket.Received = socket.Taken.Count < earlier + head ? 100 : 101;
                }
            }

            server.Step(int.MaxValue);
            Assert.Equal(Numbered(0, sent), socket.Taken);
        });

    // As many bytes of ours are left in the pipe as the earlier answer had: the count is the expected one, and the peer has spoken.
    [Fact]
    public async Task An_earlier_answer_is_not_taken_for_what_we_sent_behind_it()
    {
        var pipe = new Pipe();
        var socket = new ScriptedSocket { Received = 100 };
        var server = new SlowServer(pipe.Reader, socket);
        await pipe.Writer.WriteAsync(Numbered(0, 30));
        var output = new SocketAfterPipeOutput(pipe.Writer, socket, expected: 20, received: 100);
        output.Append(Numbered(30, 50));
        Assert.True(await output.FlushAsync());
        server.Step(70);
        socket.Received = 101;
        output.Append(Numbered(80, 5));
        Assert.True(await output.FlushAsync());
        server.Step(int.MaxValue);
        Assert.Equal(Numbered(0, 85), socket.Taken);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task After_an_earlier_request_the_way_is_direct_once_the_peer_has_spoken(long received, bool isDirect)
    {
        var pipe = new Pipe();
        var socket = new ScriptedSocket { Received = received };
        var output = new SocketAfterPipeOutput(pipe.Writer, socket, expected: 0, received: 100);
        output.Append(Numbered(0, 10));
        Assert.True(await output.FlushAsync());
        Assert.Equal(isDirect, output.IsDirect);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public async Task Where_the_kernels_count_says_nothing_the_pipe_stays_the_way(long? uncounted)
    {
        var pipe = new Pipe();
        var socket = new ScriptedSocket { UncountedBytes = uncounted };
        var output = new SocketAfterPipeOutput(pipe.Writer, socket, expected: 0);
        for (var i = 0; i < 3; i++)
        {
            output.Append(Numbered(10 * i, 10));
            Assert.True(await output.FlushAsync());
            socket.UncountedBytes = 0;
        }

        Assert.False(output.IsDirect);
        Assert.Empty(socket.Taken);
        Assert.Equal(Numbered(0, 30), (await pipe.Reader.ReadAsync()).Buffer.ToArray());
    }

    private static byte[] Numbered(int first, int count) => [.. Enumerable.Range(first, count).Select(number => (byte)(number % 251))];

    private sealed class SlowServer(PipeReader reader, ScriptedSocket socket)
    {
        public void Step(int most)
        {
            if (!reader.TryRead(out var result))
            {
                return;
            }

            var bytes = result.Buffer.Slice(0, Math.Min(most, result.Buffer.Length)).ToArray();
            var taken = 0;
            do
            {
                taken += socket.Send(bytes.AsSpan(taken));
            }
            while (most == int.MaxValue && taken < bytes.Length);
            reader.AdvanceTo(result.Buffer.GetPosition(taken));
        }
    }
}
