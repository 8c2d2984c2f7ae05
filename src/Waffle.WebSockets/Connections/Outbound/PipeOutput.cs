using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Output through a transport's <see cref="PipeWriter"/>, which copies.</summary>
internal sealed class PipeOutput(PipeWriter writer) : IOutput
{
    public void Append(ReadOnlySpan<byte> bytes) => writer.Write(bytes);

    public ValueTask<bool> FlushAsync()
    {
        var flush = writer.FlushAsync();
        return flush.IsCompletedSuccessfully ? new ValueTask<bool>(MayGoOn(flush.Result)) : AwaitAsync(flush);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        static async ValueTask<bool> AwaitAsync(ValueTask<FlushResult> flush) => MayGoOn(await flush);
    }

    public ValueTask CompleteAsync() => writer.CompleteAsync();

    private static bool MayGoOn(FlushResult result) => !result.IsCompleted && !result.IsCanceled;
}
