using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>Waits for more bytes, and has what came before delivered meanwhile: on this thread, once it has nothing else to do.</summary>
/// <remarks>
/// By then the read loop is to go on wherever the transport calls it. So the application may keep the thread for as long as it likes, and no other had to be
/// woken for its message.
/// </remarks>
internal readonly struct ReadAndDeliver(ValueTask<ReadResult> read, Inbox inbox)
{
    public Awaiter GetAwaiter() => new(read, inbox);

    internal readonly struct Awaiter(ValueTask<ReadResult> read, Inbox inbox) : ICriticalNotifyCompletion
    {
        private readonly ValueTaskAwaiter<ReadResult> _read = read.GetAwaiter();

        public bool IsCompleted => _read.IsCompleted;

        public ReadResult GetResult() => _read.GetResult();

        public void OnCompleted(Action continuation)
        {
            _read.OnCompleted(continuation);
            Deliver();
        }

        public void UnsafeOnCompleted(Action continuation)
        {
            _read.UnsafeOnCompleted(continuation);
            Deliver();
        }

        // A transport may call from a thread that serves all connections.
        private void Deliver() => inbox.Deliver(onThisThread: Thread.CurrentThread.IsThreadPoolThread);
    }
}
