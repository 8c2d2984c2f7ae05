using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Waffle.WebSockets.TestKit;

/// <summary>A real nginx, with what a page of docs recommends. What it logs is part of the test's output, which is shown when the test fails.</summary>
public sealed partial class NginxProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("waffle-nginx-");
    private readonly int _port = FreePort.Find();
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private NginxProcess()
    {
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>What it has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it, and returns when it listens.</summary>
    /// <param name="servers">Makes of an address, as in <c>127.0.0.1:80</c>, the servers and upstreams of its configuration.</param>
    public static async Task<NginxProcess> StartAsync(Func<string, string> servers)
    {
        var proxy = new NginxProcess();
        var configuration = Path.Combine(proxy._folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Describe(servers(proxy.Address.Authority)));
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        try
        {
            var start = new ProcessStartInfo(program, ["-p", proxy._folder.FullName, "-c", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true };
            proxy._process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException("nginx is missing: run the tests with ./test.sh, which installs it.", error);
        }

        proxy._process.OutputDataReceived += (_, line) => proxy.Keep(line.Data);
        proxy._process.ErrorDataReceived += (_, line) => proxy.Keep(line.Data);
        proxy._process.BeginOutputReadLine();
        proxy._process.BeginErrorReadLine();
        await Wait.Eventually(proxy.IsListeningAsync, "nginx listens");
        return proxy;
    }

    /// <summary>The block of configuration on a page of docs.</summary>
    public static string ReadBlock(string page)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", page));
        return NginxBlock().Match(text).Groups[1].Value;
    }

    /// <summary>Puts an address in the place of one in a block, which must be there.</summary>
    public static string Replace(string block, string address, string by)
    {
        Assert.Contains(address, block, StringComparison.Ordinal);
        return block.Replace(address, by, StringComparison.Ordinal);
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

        if (Log is { Length: > 0 } log)
        {
            _output?.WriteLine($"nginx:{Environment.NewLine}{log}");
        }

        _folder.Delete(recursive: true);
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NginxBlock();

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    private async Task<bool> IsListeningAsync()
    {
        if (_process!.HasExited)
        {
            // With all that it has written.
            await _process.WaitForExitAsync().Soon();
            Assert.Fail($"nginx has ended: {Log}");
        }

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

    private static string Describe(string servers) =>
        $$"""
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
            {{servers}}
        }
        """;
}
