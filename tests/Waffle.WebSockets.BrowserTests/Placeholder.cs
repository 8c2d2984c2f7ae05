namespace Waffle.WebSockets.BrowserTests;

public sealed class Placeholder
{
    [Fact]
    public void The_pipeline_runs() => Assert.True(true);
}
