namespace Waffle.WebSockets.Tests.Connections;

/// <summary>What holds where nothing is configured.</summary>
public sealed class OptionDefaultTests
{
    [Fact]
    public void Times_and_size_are_those_of_Waffle_in_Go()
    {
        var options = new WebSocketConnectionOptions();

        Assert.Equal(
            (TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)),
            (options.ReadTimeout, options.WriteTimeout, options.PingInterval, options.PongTimeout));
        Assert.Equal(32 * 1024, options.MaxMessageSize);
    }
}
