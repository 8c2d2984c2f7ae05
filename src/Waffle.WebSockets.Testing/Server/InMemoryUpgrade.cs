using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waffle.WebSockets.AspNetCore;

namespace Waffle.WebSockets.Testing.Server;

/// <summary>
/// A request whose connection can be handed over, which a server in memory does not have by itself: the features that Kestrel gives such a
/// request.
/// </summary>
internal sealed class InMemoryUpgrade : IHttpUpgradeFeature, IConnectionTransportFeature, IConnectionLifetimeFeature, IHubWelcomeFeature
{
    private readonly HttpContext _http;
    private readonly TestNetwork _network;
    private readonly IHttpResponseBodyFeature _response;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isUpgraded;
    private bool _isReset;

    private InMemoryUpgrade(HttpContext http, TestNetwork network)
    {
        _http = http;
        _network = network;
        _response = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        Transport = network.ServerEnd;
    }

    public bool IsUpgradableRequest => true;

    public IDuplexPipe Transport { get; set; }

    public CancellationToken ConnectionClosed { get; set; }

    /// <summary>Completes when the server is done with the request.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when the hub's connect callback has ended.</summary>
    public Task Welcomed => _welcomed.Task;

    /// <summary>Whether the connection becomes a client of a hub.</summary>
    public bool IsForHub { get; private set; }

    /// <summary>Whether the server has cut the request off, before it answered.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Gives a request that is about to be sent what it needs.</summary>
    public static InMemoryUpgrade AddTo(HttpContext http, TestNetwork network)
    {
        var upgrade = new InMemoryUpgrade(http, network);
        http.Features.Set<IHttpUpgradeFeature>(upgrade);
        http.Features.Set<IConnectionTransportFeature>(upgrade);
        http.Features.Set<IConnectionLifetimeFeature>(upgrade);
        http.Features.Set<IHubWelcomeFeature>(upgrade);
        http.Response.OnCompleted(upgrade.OnCompletedAsync);
        http.RequestAborted.UnsafeRegister(static state => ((InMemoryUpgrade)state!).OnAborted(), upgrade);
        network.OnReset = upgrade.OnReset;
        return upgrade;
    }

    public async Task<Stream> UpgradeAsync()
    {
        if (_isUpgraded)
        {
            throw new InvalidOperationException("The request was upgraded already.");
        }

        _isUpgraded = true;
        _http.Response.StatusCode = StatusCodes.Status101SwitchingProtocols;

        // Only bytes, or none of them, make the server hand its answer to the client.
        await _response.Writer.FlushAsync();
        return new UpgradedStream(_network.ServerEnd);
    }

    /// <summary>The server cuts the connection; before it was handed over, its request is cut.</summary>
    public void Abort()
    {
        _network.AbortByServer();
        if (!_isUpgraded)
        {
            IsCutOff = true;
            _http.Abort();
        }
    }

    public void Expect() => IsForHub = true;

    public void SetWelcomed() => _welcomed.TrySetResult();

    private Task OnCompletedAsync()
    {
        _network.EndByServer();
        _ended.TrySetResult();
        return Task.CompletedTask;
    }

    // Unless the client has done it, the request has failed.
    private void OnAborted()
    {
        if (!_isReset)
        {
            _network.AbortByServer();
            _ended.TrySetResult();
        }
    }

    private void OnReset()
    {
        if (!Ended.IsCompleted)
        {
            _isReset = true;
            _http.Abort();
        }
    }
}
