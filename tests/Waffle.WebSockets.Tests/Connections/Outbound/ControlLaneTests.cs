using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

public sealed class ControlLaneTests
{
    private readonly ControlLane _lane = new();

    [Fact]
    public void Up_to_16_pongs_wait_in_order()
    {
        AddPongs(0, 16);
        Assert.Equal(Enumerable.Range(0, 16), TakeAll());
    }

    [Fact]
    public void Of_more_only_the_newest_waits_behind_the_first_15()
    {
        AddPongs(0, 200);
        Assert.Equal([.. Enumerable.Range(0, 15), 199], TakeAll());
    }

    [Fact]
    public void A_later_pong_overtakes_no_earlier_one()
    {
        AddPongs(0, 200);
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(i, Take());
        }

        AddPongs(200, 3);
        Assert.Equal([199, 200, 201, 202], TakeAll());
    }

    [Fact]
    public void Of_pings_too_at_most_16_wait_beside_the_pongs()
    {
        AddPongs(0, 15);
        for (var i = 0; i < 20; i++)
        {
            _lane.AddPing(OutboundFrame.Rent(Opcode.Ping, [(byte)(100 + i)]));
        }

        AddPongs(15, 1);
        Assert.Equal([.. Enumerable.Range(0, 15), .. Enumerable.Range(100, 15), 15, 119], TakeAll());
    }

    [Fact]
    public void Nothing_is_left_after_discarding()
    {
        AddPongs(0, 200);
        _lane.Discard();
        Assert.Equal(-1, Take());
    }

    private void AddPongs(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            _lane.AddPong(OutboundFrame.Rent(Opcode.Pong, [(byte)i]));
        }
    }

    private int Take()
    {
        if (_lane.Take() is not { } frame)
        {
            return -1;
        }

        var number = frame.Payload[0];
        frame.Release();
        return number;
    }

    private List<int> TakeAll()
    {
        var all = new List<int>();
        for (var number = Take(); number >= 0; number = Take())
        {
            all.Add(number);
        }

        return all;
    }
}
