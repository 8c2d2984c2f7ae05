using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;

namespace Waffle.WebSockets.TestingTests.Network;

/// <summary>A connection's pipes that tell how many new bytes each read brings.</summary>
internal sealed class MeasuredTransport(IDuplexPipe pipes, Action<long> onRead) : IConnectionTransportFeature, IDuplexPipe
{
    public IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public PipeReader Input { get; } = new MeasuredReader(pipes.Input, onRead);

    public PipeWriter Output => pipes.Output;

    private sealed class MeasuredReader(PipeReader reader, Action<long> onRead) : PipeReader
    {
        private long _held;
        private ReadOnlySequence<byte> _buffer;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await reader.ReadAsync(cancellationToken);
            onRead(result.Buffer.Length - _held);
            _buffer = result.Buffer;
            return result;
        }

        public override bool TryRead(out ReadResult result) => reader.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _held = _buffer.Slice(consumed).Length;
            reader.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => reader.CancelPendingRead();

        public override void Complete(Exception? exception = null) => reader.Complete(exception);
    }
}
