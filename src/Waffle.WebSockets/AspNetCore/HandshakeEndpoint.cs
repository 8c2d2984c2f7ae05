using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint whose requests are opening handshakes, counted and timed with its filters.</summary>
internal sealed class HandshakeEndpoint(EndpointSettings settings, RequestDelegate next)
{
    public Task HandleAsync(HttpContext http)
    {
        var handshake = HandshakesUnderWay.For(http.RequestServices).TryBegin(http, settings);
        if (handshake is null)
        {
            return HandshakeAnswer.RefuseAsync(http, HandshakeAnswer.TooManyHandshakes, EndpointLog.Get(http));
        }

        http.Features.Set(handshake);
        Task running;
        try
        {
            running = next(http);
        }
        catch
        {
            handshake.Dispose();
            throw;
        }

        // Most have been accepted by now: nothing of ours stays for as long as their connections do.
        return handshake.IsOver ? running : FinishAsync(running, handshake);
    }

    private static async Task FinishAsync(Task running, Handshake handshake)
    {
        using (handshake)
        {
            await running;
        }
    }
}
