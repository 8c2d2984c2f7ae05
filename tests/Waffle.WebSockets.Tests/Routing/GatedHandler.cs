using System.Threading.Channels;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>A handler whose calls end one by one, when the test says so.</summary>
internal sealed class GatedHandler
{
    private readonly Channel<bool> _ends = Channel.CreateUnbounded<bool>();
    private readonly Lock _countLock = new();
    private int _begun;
    private int _running;
    private int _most;
    private int _calledOff;

    /// <summary>How many calls have begun.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>How many run now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many have run at once at most.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>How many found their token fired when they ended.</summary>
    public int CalledOff => Volatile.Read(ref _calledOff);

    /// <summary>Each call ends when the test says so, or when its token fires.</summary>
    public Func<HubClient, TypedMessage, CancellationToken, Task> Handler => (_, _, token) => RunAsync(token);

    /// <summary>Each call ends when the test says so, whatever its token says.</summary>
    public Func<HubClient, TypedMessage, CancellationToken, Task> DeafHandler => (_, _, token) => RunDeafAsync(token);

    /// <summary>Lets that many calls end.</summary>
    public void Release(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            _ends.Writer.TryWrite(true);
        }
    }

    private async Task RunDeafAsync(CancellationToken cancellationToken)
    {
        Begin();
        await _ends.Reader.ReadAsync(CancellationToken.None);
        End(cancellationToken);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        Begin();
        try
        {
            await _ends.Reader.ReadAsync(cancellationToken);
        }
        finally
        {
            End(cancellationToken);
        }
    }

    private void Begin()
    {
        lock (_countLock)
        {
            _begun++;
            _most = Math.Max(_most, ++_running);
        }
    }

    private void End(CancellationToken cancellationToken)
    {
        lock (_countLock)
        {
            _running--;
            _calledOff += cancellationToken.IsCancellationRequested ? 1 : 0;
        }
    }
}
