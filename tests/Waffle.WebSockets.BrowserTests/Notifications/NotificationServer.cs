using System.Net.Http.Json;
using System.Text.Json;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests.Notifications;

/// <summary>The notifications sample.</summary>
public sealed class NotificationServer() : SampleServer("Notifications")
{
    private static readonly HttpClient _http = new();

    /// <summary>Posts an order; returns the server's answer, which was good.</summary>
    public async Task<JsonElement> NotifyAsync(object order)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Address, "/api/notify"), order);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until nobody is connected.</summary>
    public override async Task BecomeFreshAsync()
    {
        await base.BecomeFreshAsync();
        await Wait.Eventually(
            async () => (await NotifyAsync(new { title = "Who is there?" })).GetProperty("targeted").GetInt32() == 0, "everybody has left");
    }
}
