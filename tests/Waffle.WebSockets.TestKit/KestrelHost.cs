using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.TestKit;

/// <summary>A real server on a free port of this machine.</summary>
public sealed class KestrelHost : IAsyncDisposable
{
    private static readonly Lazy<X509Certificate2> _certificate = new(CreateCertificate);

    private KestrelHost(WebApplication app, Uri address, RecordedLogs logs)
    {
        App = app;
        Address = address;
        Logs = logs;
    }

    /// <summary>What it shows with TLS; signed by itself.</summary>
    public static X509Certificate2 Certificate => _certificate.Value;

    public WebApplication App { get; }

    /// <summary>Where it listens, as http or https.</summary>
    public Uri Address { get; }

    /// <summary>All that was logged at Information or above.</summary>
    public RecordedLogs Logs { get; }

    public WebSocketHub Hub => App.Services.GetRequiredService<WebSocketHub>();

    /// <summary>Where it listens, as ws or wss, with a path.</summary>
    public Uri WebSocketAddress(string path) =>
        new UriBuilder(new Uri(Address, path)) { Scheme = Address.Scheme == "https" ? "wss" : "ws" }.Uri;

    /// <param name="map">Maps endpoints and adds middleware.</param>
    /// <param name="configure">Adds services.</param>
    /// <param name="useTls">Whether to listen with TLS, by a certificate made for the tests.</param>
    /// <param name="protocols">The HTTP versions.</param>
    /// <param name="configureListener">Adds connection middleware and the like.</param>
    /// <param name="environment">Development, or where the application is said to run.</param>
    public static async Task<KestrelHost> StartAsync(
        Action<WebApplication> map,
        Action<WebApplicationBuilder>? configure = null,
        bool useTls = false,
        HttpProtocols protocols = HttpProtocols.Http1,
        Action<ListenOptions>? configureListener = null,
        string environment = "Development")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        var logs = new RecordedLogs();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            listener.Protocols = protocols;
            if (useTls)
            {
                listener.UseHttps(_certificate.Value);
            }

            configureListener?.Invoke(listener);
        }));

        // The environment can choose the way out, for all tests at once: WebSockets__DirectSocket=false.
        var isDirect = builder.Configuration.GetValue("WebSockets:DirectSocket", defaultValue: true);
        builder.Services.Configure<WebSocketEndpointOptions>(options => options.DirectSocket = isDirect);
        configure?.Invoke(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new KestrelHost(app, new Uri(app.Urls.Single()), logs);
    }

    /// <summary>A plain TCP connection, or one through TLS, as a stream.</summary>
    public async Task<Stream> ConnectAsync(Action<Socket>? configure = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        configure?.Invoke(socket);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (Address.Scheme == "https")
        {
            var tls = new SslStream(stream, leaveInnerStreamOpen: false, static (_, presented, _, _) => presented?.GetCertHashString() == _certificate.Value.GetCertHashString());
            await tls.AuthenticateAsClientAsync("localhost");
            stream = tls;
        }

        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await App.StopAsync(patience.Token);
        await App.DisposeAsync();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
