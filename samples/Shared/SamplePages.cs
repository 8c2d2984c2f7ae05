using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;

namespace Shared;

/// <summary>What the samples' pages have in common.</summary>
public static class SamplePages
{
    /// <summary>Serves a sample's page and the files that the samples share. The page may run and load nothing from elsewhere.</summary>
    public static void UseSamplePages(this WebApplication app)
    {
        // Finds the shared files in their project's folder; a published sample has a copy of its own.
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        app.Use((http, next) =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:";
            return next(http);
        });
        app.UseDefaultFiles();
        app.UseStaticFiles();
    }
}
