using System.Text;
using System.Text.Json;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class PayloadTests
{
    private static readonly Stamp _stamp = new(1, 2, 3);

    [Theory]
    [InlineData(39, false)]
    [InlineData(100, false)]
    [InlineData(1024, true)]
    [InlineData(16 * 1024, true)]
    public void A_payload_has_its_length_and_is_not_changed_by_json(int length, bool likeJson)
    {
        var payload = new Payload(length, likeJson).With(_stamp).ToArray();

        Assert.Equal(length, payload.Length);
        Assert.True(Stamp.TryRead(payload, out var stamp));
        Assert.Equal(_stamp, stamp);
        Assert.Equal($"\"{Encoding.ASCII.GetString(payload)}\"", JsonSerializer.Serialize(Encoding.ASCII.GetString(payload)));
    }

    [Fact]
    public void Any_other_byte_of_the_filler_shows()
    {
        var payload = new Payload(60, likeJson: false);
        var received = payload.With(_stamp).ToArray();
        Assert.True(payload.HasFiller([.. received, (byte)'"']));

        for (var i = Stamp.Length; i < received.Length; i++)
        {
            received[i] ^= 1;
            Assert.False(payload.HasFiller(received));
            received[i] ^= 1;
        }

        Assert.False(payload.HasFiller(received.AsSpan(0, 59)));
    }
}
