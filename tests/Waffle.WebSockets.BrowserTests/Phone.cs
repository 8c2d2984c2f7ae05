using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>A phone, and whether a page fits on it.</summary>
internal static class Phone
{
    private const int Width = 390;

    public static BrowserNewContextOptions Options(ColorScheme scheme = ColorScheme.Light) => new()
    {
        ViewportSize = new() { Width = Width, Height = 844 },
        HasTouch = true,
        IsMobile = true,
        DeviceScaleFactor = 2,
        ColorScheme = scheme,
    };

    /// <summary>Fails when something is wider than the screen.</summary>
    public static async Task FitAsync(SamplePage page)
    {
        Assert.Equal(Width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(Width, await page.Page.EvaluateAsync<int>("innerWidth"));
    }
}
