using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>A flush that ends when it is told to. Who waits for it goes on within that call; who asks only later, as an actor of the schedule.</summary>
internal sealed class PendingFlush : IValueTaskSource<bool>
{
    private Action<object?>? _continuation;
    private object? _state;
    private ValueTaskSourceStatus _status;
    private bool _result;
    private Exception? _error;

    public ValueTask<bool> Task => new(this, token: 0);

    public void End(bool result, Exception? error)
    {
        (_result, _error) = (result, error);
        _status = error is null ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Faulted;
        _continuation?.Invoke(_state);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _status;

    public bool GetResult(short token)
    {
        if (_error is not null)
        {
            ExceptionDispatchInfo.Throw(_error);
        }

        return _result;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (_status == ValueTaskSourceStatus.Pending)
        {
            (_continuation, _state) = (continuation, state);
        }
        else
        {
            Assert.True(Interleaver.TryAdd(() => continuation(state)));
        }
    }
}
