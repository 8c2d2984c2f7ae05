using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint whose requests are opening handshakes, counted and timed with its filters.</summary>
/// <param name="application">What it belongs to.</param>
/// <param name="settings">How many handshakes there may be, and for how long.</param>
/// <param name="accept">Answers the request. Given no handshake, it looks for it among the request's features.</param>
/// <param name="filtered">The same behind the endpoint's filters; <see langword="null"/>: there are none.</param>
internal sealed class HandshakeEndpoint(
    EndpointApplication application, EndpointSettings settings, Func<HttpContext, Handshake?, Task> accept, RequestDelegate? filtered)
{
    public Task HandleAsync(HttpContext http)
    {
        if (application.Drain.RefusesConnections)
        {
            return HandshakeAnswer.RefuseAsync(http, HandshakeAnswer.Draining(application.Drain.Options), application.Logger);
        }

        var handshake = application.Handshakes.TryBegin(http, settings);
        if (handshake is null)
        {
            return HandshakeAnswer.RefuseAsync(http, HandshakeAnswer.TooManyHandshakes, application.Logger);
        }

        Task running;
        try
        {
            running = BeginAsync(http, handshake);
        }
        catch
        {
            End(http, handshake);
            throw;
        }

        // Most have been accepted by now: nothing of ours stays for as long as their connections do.
        return handshake.IsOver ? running : FinishAsync(http, running, handshake);
    }

    // A feature stays with its connection even when it is taken off: so it is used only where something lies between.
    private Task BeginAsync(HttpContext http, Handshake handshake)
    {
        if (filtered is null)
        {
            return accept(http, handshake);
        }

        http.Features.Set(handshake);
        return filtered(http);
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
