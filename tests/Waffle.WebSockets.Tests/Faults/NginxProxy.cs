using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A real nginx with the block of configuration that docs/deployment.md recommends.</summary>
internal static class NginxProxy
{
    /// <param name="upstream">The server behind it.</param>
    /// <param name="settings">Directives for the server around the page's block.</param>
    public static Task<NginxProcess> StartAsync(Uri upstream, string settings)
    {
        var block = NginxProcess.Replace(NginxProcess.ReadBlock("deployment.md"), "http://127.0.0.1:5000", $"http://127.0.0.1:{upstream.Port}");
        return NginxProcess.StartAsync(address => $$"""
            server {
                listen {{address}};
                {{settings}}
                {{block}}
            }
            """);
    }
}
