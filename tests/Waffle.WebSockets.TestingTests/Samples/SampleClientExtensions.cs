using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Samples;

/// <summary>What several samples' tests do.</summary>
internal static class SampleClientExtensions
{
    /// <summary>The text of the first message of a type, as it came.</summary>
    public static async Task<string> ReceiveTextOfAsync(this WebSocketTestClient client, string type) =>
        (await client.ReceiveAsync($"message of the type \"{type}\"", message => message.Typed?.Type == type)).Text;

    /// <summary>Sends a request that is refused; returns the error's code.</summary>
    public static async Task<string> RefusedAsync(this WebSocketTestClient client, string type, object? payload) =>
        (await Assert.ThrowsAsync<ErrorReplyException>(() => client.RequestAsync<object>(type, payload))).Code;
}
