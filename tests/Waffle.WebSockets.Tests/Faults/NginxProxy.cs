using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A real nginx with the block of configuration that docs/deployment.md recommends.</summary>
internal sealed partial class NginxProxy : IAsyncDisposable
{
    private const string UpstreamOfThePage = "http://127.0.0.1:5000";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("waffle-nginx-");
    private readonly int _port = FreePort.Find();
    private Process? _process;

    private NginxProxy()
    {
    }

    /// <param name="upstream">The server behind it.</param>
    /// <param name="settings">Directives for the server around the page's block.</param>
    public static async Task<NginxProxy> StartAsync(Uri upstream, string settings)
    {
        var proxy = new NginxProxy();
        var configuration = Path.Combine(proxy._folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, proxy.Describe(upstream, settings));
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        try
        {
            proxy._process = Process.Start(new ProcessStartInfo(program, ["-p", proxy._folder.FullName, "-c", configuration]))!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException("nginx is missing: run the tests with ./test.sh, which installs it.", error);
        }

        await Wait.Eventually(proxy.IsListening, "nginx listens");
        return proxy;
    }

    /// <summary>Connects to it, from an address of this machine's.</summary>
    public async Task<Stream> ConnectAsync(string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, _port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async Task<RawPeer> ConnectPeerAsync(string path) => await RawHandshake.UpgradeAsync(await ConnectAsync(), path);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // The master takes its workers with it only when it is asked.
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await _process.WaitForExitAsync().Soon();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static string BlockOfThePage()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "deployment.md"));
        return NginxBlock().Match(page).Groups[1].Value;
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NginxBlock();

    private async Task<bool> IsListening()
    {
        Assert.False(_process!.HasExited, "nginx has ended: its messages are above.");
        try
        {
            await using var stream = await ConnectAsync();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Describe(Uri upstream, string settings)
    {
        var block = BlockOfThePage();
        Assert.Contains(UpstreamOfThePage, block, StringComparison.Ordinal);
        return $$"""
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr warn;
            events { }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                server {
                    listen 127.0.0.1:{{_port}};
                    {{settings}}
                    {{block.Replace(UpstreamOfThePage, $"http://127.0.0.1:{upstream.Port}", StringComparison.Ordinal)}}
                }
            }
            """;
    }
}
