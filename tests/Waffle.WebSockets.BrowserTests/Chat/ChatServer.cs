using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests.Chat;

/// <summary>The chat sample.</summary>
public class ChatServer() : SampleServer("Chat")
{
    /// <summary>Where somebody chats.</summary>
    public Uri UserAddress(string? user) => WebSocketAddress(user is null ? "/ws" : $"/ws?user={Uri.EscapeDataString(user)}");

    /// <summary>Waits until nobody is in any room, whereby everything is forgotten; runs the program again if it has ended.</summary>
    public override async Task BecomeFreshAsync()
    {
        await base.BecomeFreshAsync();
        await using var observer = await ChatClient.ConnectAsync(this, "observer");
        await observer.SendAsync("leave_room", new { room = "general" });
        await Wait.Eventually(
            async () =>
            {
                await observer.SendAsync("list_rooms", null);
                return (await observer.ReceiveAsync("rooms")).Body.GetProperty("rooms").GetArrayLength() == 0;
            },
            "nobody is in any room");
    }
}
