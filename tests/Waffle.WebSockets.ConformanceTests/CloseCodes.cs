using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 7.4: codes that a close frame may carry and those that it must not.</summary>
public sealed class CloseCodes
{
    private static readonly int[] _forbidden = [1005, 1006, 1015, 0, 1, 999, 1004, 1016, 1100, 2000, 2999, 5000, 65_535];

    private static readonly int[] _allowed =
    [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ];

    public static TheoryData<int> Forbidden => [.. _forbidden];

    public static TheoryData<int> Allowed => [.. _allowed];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task A_code_that_is_only_for_the_application_cannot_be_sent(int code)
    {
        await using var pair = ConnectionPair.Create();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pair.Server.CloseAsync((CloseCode)code).Soon());

        await pair.ExpectOpenAsync();
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task A_close_frame_with_a_code_that_must_not_be_sent_closes_with_1002(int code)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync(code, "why not?");

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task A_code_that_may_be_sent_passes_both_ways(int code)
    {
        await using (var receiving = ConnectionPair.Create())
        {
            await receiving.Client.SendCloseAsync(code);
            await receiving.Client.ExpectCloseAsync((CloseCode)code);
            Assert.Equal((CloseCode)code, (await receiving.Server.Completion.Soon()).Code);
        }

        await using var sending = ConnectionPair.Create();
        var closing = sending.Server.CloseAsync((CloseCode)code);
        await sending.Client.ExpectCloseAsync((CloseCode)code);
        await sending.Client.SendCloseAsync(code);
        await closing.Soon();
    }

    [Fact]
    public async Task The_answer_to_a_close_frame_without_a_code_carries_none()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync(code: null);

        Assert.Empty((await pair.Client.NextAsync()).Payload);
        Assert.Equal(CloseCode.NoStatusReceived, (await pair.Server.Completion.Soon()).Code);
    }

    [Fact]
    public async Task A_connection_that_is_cut_sends_no_close_frame()
    {
        await using var pair = ConnectionPair.Create();
        pair.Server.Abort();

        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(CloseCode.AbnormalClosure, (await pair.Server.Completion.Soon()).Code);
    }
}
