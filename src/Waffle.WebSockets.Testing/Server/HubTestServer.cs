using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.Testing.Server;

/// <summary>A server in memory whose only endpoint belongs to a hub; no host and no middleware.</summary>
internal sealed class HubTestServer : IHttpApplication<HttpContext>, IEndpointRouteBuilder
{
    private readonly IServiceScopeFactory _scopes;

    private HubTestServer(WebSocketHub hub)
    {
        ServiceProvider = HubServices.Of(hub);
        _scopes = ServiceProvider.GetRequiredService<IServiceScopeFactory>();
    }

    public IServiceProvider ServiceProvider { get; }

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    private RequestDelegate Endpoint => DataSources.Single().Endpoints.Single().RequestDelegate!;

    public static async Task<TestServer> StartAsync(WebSocketHub hub, Action<IEndpointRouteBuilder> map)
    {
        var application = new HubTestServer(hub);
        map(application);
        var server = new TestServer(application.ServiceProvider);
        await ((IServer)server).StartAsync(application, CancellationToken.None);
        return server;
    }

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures) { ServiceScopeFactory = _scopes };

    public Task ProcessRequestAsync(HttpContext context) => Endpoint(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
