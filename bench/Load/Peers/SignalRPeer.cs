using System.Diagnostics;
using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>ASP.NET Core's own library for real-time messages, with one of its two protocols.</summary>
internal sealed class SignalRPeer : Peer
{
    private readonly DotNetServer _server = new("SignalR");
    private readonly string _protocol;

    private SignalRPeer(string name, string protocol, Dialect dialect)
    {
        Name = name;
        _protocol = protocol;
        Dialect = dialect;
    }

    public static SignalRPeer Json() => new("signalr-json", "JSON", new SignalRJsonDialect());

    public static SignalRPeer MessagePack() => new("signalr-messagepack", "MessagePack", new SignalRMessagePackDialect());

    public override string Name { get; }

    public override double SecondsToCompile => DotNetServer.SecondsToCompile;

    public override string Description =>
        $"SignalR, {_protocol} protocol: WebSockets without negotiation, groups; what a client does not read waits, "
        + "and disconnects it after 10 s";

    public override Dialect Dialect { get; }

    public override Task<string?> BuildAsync(CancellationToken cancellationToken) => _server.BuildAsync(cancellationToken);

    public override Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        string package = _server.Output("Microsoft.AspNetCore.SignalR.Protocols.MessagePack.dll");
        string version = FileVersionInfo.GetVersionInfo(package).ProductVersion!.Split('+')[0];
        return Task.FromResult($".NET {Environment.Version}, MessagePack protocol {version}");
    }

    public override Command StartCommand(int port) => _server.StartCommand("SignalR", "--port", $"{port}");

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);

    public override string? WhyNot(Conversation conversation) => conversation.Deflate ? "SignalR does not compress messages" : null;
}
