using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests.Notifications;

/// <summary>The notifications sample.</summary>
public sealed class NotificationServer() : SampleServer("Notifications")
{
    private static readonly HttpClient _http = new();

    /// <summary>A client that gets the notifications of a user, or those for everybody; none is missed from now on.</summary>
    internal async Task<SampleClient> SubscribeAsync(string? user)
    {
        var client = await SampleClient.ConnectAsync(UserAddress(user));
        await client.ReceiveAsync("subscribed");
        return client;
    }

    private Uri UserAddress(string? user) =>
        WebSocketAddress(user is null ? "/ws/notifications" : $"/ws/notifications?user_id={Uri.EscapeDataString(user)}");

    /// <summary>Posts an order; returns the server's answer, which was good.</summary>
    public async Task<JsonElement> NotifyAsync(object order)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Address, "/api/notify"), order);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Posts whatever it is.</summary>
    public async Task<(int Status, string? Detail)> PostAsync(string body, string mediaType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, mediaType);
        using var answer = await _http.PostAsync(new Uri(Address, "/api/notify"), content);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)answer.StatusCode, problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    /// <summary>Waits until nobody is connected.</summary>
    public override async Task BecomeFreshAsync()
    {
        await base.BecomeFreshAsync();
        await Wait.Eventually(
            async () => (await NotifyAsync(new { title = "Who is there?" })).GetProperty("targeted").GetInt32() == 0, "everybody has left");
    }
}
