using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;

namespace Waffle.WebSockets.Bench.SignalR;

/// <summary>The echo is what the invocation returns.</summary>
internal sealed class EchoHub : Hub
{
    public override Task OnConnectedAsync() => Clients.Caller.SendAsync("Ready");

    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "SignalR finds instance methods.")]
    public string Echo(string message) => message;
}
