using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A proxy of ours that stops forwarding: works everywhere.</summary>
internal sealed class ProxyNetwork : IBreakableNetwork
{
    private SilentProxy? _proxy;

    public void Configure(WebApplicationBuilder builder)
    {
    }

    public Task<Stream> ConnectAsync(KestrelHost host) => (_proxy = new SilentProxy(host.Address.Port)).ConnectAsync();

    public Task<Stream> ConnectNearbyAsync(KestrelHost host) => host.ConnectAsync();

    public void Break() => _proxy!.Silence();

    public ValueTask DisposeAsync() => _proxy?.DisposeAsync() ?? ValueTask.CompletedTask;
}
