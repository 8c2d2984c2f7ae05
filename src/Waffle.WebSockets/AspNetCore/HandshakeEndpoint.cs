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
            End(http, handshake);
            throw;
        }

        // Most have been accepted by now: nothing of ours stays for as long as their connections do.
        return handshake.IsOver ? running : FinishAsync(http, running, handshake);
    }

    private static async Task FinishAsync(HttpContext http, Task running, Handshake handshake)
    {
        try
        {
            await running;
        }
        finally
        {
            End(http, handshake);
        }
    }

    // Whoever answers the request in our place, such as a page for errors, begins anew.
    private static void End(HttpContext http, Handshake handshake)
    {
        http.Features.Set<Handshake>(null);
        handshake.Dispose();
    }
}
