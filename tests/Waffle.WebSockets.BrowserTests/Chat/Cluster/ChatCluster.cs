using System.Diagnostics;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BrowserTests.Chat.Cluster;

/// <summary>The chat on two servers, of which this is one, with a real engine between them.</summary>
public abstract class ChatCluster(string backplane) : ChatServer
{
    private readonly string _backplane = backplane;
    private EngineProcess? _engine;
    private OtherServer? _other;

    /// <summary>The second server.</summary>
    public ChatServer Other => _other!;

    public EngineProcess Engine => _engine!;

    public override async ValueTask InitializeAsync()
    {
        _engine = await StartEngineAsync();
        _other = new OtherServer(this);
        await base.InitializeAsync();
        await _other.InitializeAsync();
    }

    public override async Task BecomeFreshAsync()
    {
        await base.BecomeFreshAsync();
        await _other!.BecomeFreshAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _other!.DisposeAsync();
        await _engine!.DisposeAsync();
    }

    protected abstract Task<EngineProcess> StartEngineAsync();

    protected override ProcessStartInfo CreateStart() => Connect(base.CreateStart());

    private ProcessStartInfo Connect(ProcessStartInfo start)
    {
        foreach (var argument in (string[])["--backplane", _backplane, $"--{_backplane}", $"127.0.0.1:{_engine!.Port}"])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private sealed class OtherServer(ChatCluster cluster) : ChatServer
    {
        protected override ProcessStartInfo CreateStart() => cluster.Connect(base.CreateStart());
    }
}
