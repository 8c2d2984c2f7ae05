using System.Buffers;
using System.Text;
using CsCheck;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

public class MessageReaderProperties
{
    // Small, so that random messages meet them.
    private static readonly MessageLimits _limits = new(MaxSize: 400, MaxFragments: 6);

    private static readonly Gen<byte[]> _characters = Gen.OneOf("a", "\u00E9", "\u20AC", "\U0001F600").Array[0, 40]
        .Select(characters => Encoding.UTF8.GetBytes(string.Concat(characters)));

    private static readonly Gen<byte[]> _mask = Gen.Byte.Array[4];

    private static readonly Gen<Sent> _control =
        from opcode in Gen.OneOf(RawFrame.PingOpcode, RawFrame.PongOpcode)
        from payload in Gen.Byte.Array[0, 125]
        from mask in _mask
        let name = opcode == RawFrame.PingOpcode ? "ping" : "pong"
        select new Sent(RawFrame.Encode(opcode, payload, mask: mask), [$"{name}:{Convert.ToHexString(payload)}"]);

    // A message in fragments, cut anywhere, also inside of characters, with control frames between them.
    private static readonly Gen<Sent> _message =
        from isText in Gen.Bool
        from payload in Gen.OneOf(_characters, Gen.Const(Array.Empty<byte>()))
        from cuts in Gen.Int[0, 160].Array[0, 5]
        from masks in _mask.Array[6]
        from controls in Gen.OneOf(Gen.Const(new Sent([], [])), _control).Array[6]
        select Fragment(isText, payload, cuts, masks, controls);

    private static readonly Gen<Sent> _close =
        from code in Gen.OneOf(Gen.Int[1000, 1003], Gen.Int[3000, 4999])
        from mask in _mask
        select new Sent(RawFrame.Encode(RawFrame.CloseOpcode, RawFrame.ClosePayload(code, "bye"), mask: mask), [$"close:{code}:bye"]);

    private static readonly Gen<Sent> _anyFrame =
        from opcode in Gen.Int[0, 15]
        from isFinal in Gen.Bool
        from reservedBits in Gen.Frequency((9, Gen.Const(0)), (1, Gen.Int[0, 7]))
        from lengthForm in Gen.Frequency((9, Gen.Const(0)), (1, Gen.OneOf(16, 64)))
        from isMasked in Gen.Frequency((9, Gen.Const(true)), (1, Gen.Const(false)))
        from mask in _mask
        from payload in Gen.OneOf(_characters, Gen.Byte.Array[0, 20], Gen.Byte.Array[0, 500])
        select new Sent(RawFrame.Encode((byte)opcode, payload, isFinal, isMasked ? mask : null, reservedBits, lengthForm), []);

    private static readonly Gen<int[]> _sizes = Gen.OneOf(Gen.Int[0, 12], Gen.Int[0, 200]).Array[0, 60];

    [Fact]
    public void Valid_messages_come_out_as_they_went_in()
    {
        var cases = from sent in Gen.OneOf(_message, _control).Array[0, 8]
                    from close in _close
                    from sizes in _sizes
                    select (sent: sent.Append(close), sizes);
        cases.Sample((sent, sizes) =>
        {
            var bytes = sent.SelectMany(item => item.Bytes).ToArray();
            Assert.Equal(sent.SelectMany(item => item.Events), Run([.. Split(bytes, sizes)]));
        });
    }

    [Fact]
    public void Every_split_of_any_bytes_gives_the_same_events_as_the_whole()
    {
        var cases = from sent in Gen.Frequency((6, Gen.OneOf(_message, _control)), (1, _anyFrame), (1, _close)).Array[1, 8]
                    from flips in Gen.Frequency((2, Gen.Const(Array.Empty<int>())), (1, Gen.Int[0, 20_000].Array[1, 2]))
                    from sizes in _sizes
                    from otherSizes in _sizes
                    select (sent, flips, sizes, otherSizes);
        cases.Sample((sent, flips, sizes, otherSizes) =>
        {
            var bytes = sent.SelectMany(item => item.Bytes).ToArray();
            foreach (var flip in flips)
            {
                if (bytes.Length > 0)
                {
                    bytes[flip / 8 % bytes.Length] ^= (byte)(1 << (flip % 8));
                }
            }

            var whole = Run(new ReadOnlySequence<byte>(bytes));
            Assert.Equal(whole, Run([.. Split(bytes, sizes)]));
            Assert.Equal(whole, Run(Segments.Of([.. Split(bytes, sizes).Select(piece => (ReadOnlyMemory<byte>)piece.ToArray())])));

            // Several calls, each with a sequence of several segments.
            Assert.Equal(whole, Run([.. Split(bytes, sizes).Select(piece =>
                Segments.Of([.. Split(piece.ToArray(), otherSizes).Select(part => (ReadOnlyMemory<byte>)part.ToArray())]))]));
        });
    }

    private static Sent Fragment(bool isText, byte[] payload, int[] cuts, byte[][] masks, Sent[] controls)
    {
        int[] starts = [0, .. cuts.Select(cut => Math.Min(cut, payload.Length)).Order()];
        var bytes = new List<byte>();
        var events = new List<string>();
        for (var i = 0; i < starts.Length; i++)
        {
            var isLast = i == starts.Length - 1;
            var opcode = i > 0 ? RawFrame.Continuation : isText ? RawFrame.TextOpcode : RawFrame.BinaryOpcode;
            bytes.AddRange(RawFrame.Encode(opcode, payload.AsSpan(starts[i]..(isLast ? payload.Length : starts[i + 1])), isLast, masks[i]));
            if (!isLast)
            {
                bytes.AddRange(controls[i].Bytes);
                events.AddRange(controls[i].Events);
            }
        }

        events.Add(isText ? $"text:{Encoding.UTF8.GetString(payload)}" : $"binary:{Convert.ToHexString(payload)}");
        return new Sent([.. bytes], [.. events]);
    }

    private static string[] Run(params ReadOnlySequence<byte>[] pieces)
    {
        var run = new ReaderRun(EndpointRole.Server, _limits);
        foreach (var piece in pieces)
        {
            run.Feed(piece);
        }

        return run.End();
    }

    private static IEnumerable<ReadOnlySequence<byte>> Split(byte[] bytes, int[] sizes)
    {
        var start = 0;
        foreach (var size in sizes)
        {
            var length = Math.Min(size, bytes.Length - start);
            yield return new ReadOnlySequence<byte>(bytes, start, length);
            start += length;
        }

        yield return new ReadOnlySequence<byte>(bytes, start, bytes.Length - start);
    }

    /// <summary>What went over the wire, and the events that it must give if nothing goes wrong.</summary>
    private sealed record Sent(byte[] Bytes, string[] Events);
}
