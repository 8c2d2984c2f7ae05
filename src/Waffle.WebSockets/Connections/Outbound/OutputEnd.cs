using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Completes the output, once, when nobody writes to it any more, and gives back what compressed for it.</summary>
internal sealed class OutputEnd(IOutput output, ConnectionCompression? compression)
{
    private int _isCompleted;
    private int _failureParts;

    /// <summary>A failure's Close was written.</summary>
    public bool IsFailureWritten { get; private set; }

    public void Complete()
    {
        Interleaving.Point();
        if (Interlocked.Exchange(ref _isCompleted, 1) != 0)
        {
            return;
        }

        compression?.Dispose();
        try
        {
            var completion = output.CompleteAsync();
            if (!completion.IsCompletedSuccessfully)
            {
                _ = IgnoreErrorAsync(completion);
            }
        }
        catch (Exception)
        {
            // The transport is gone already.
        }
    }

    /// <summary>One half of a failure's end: our Close is written. The output is completed by whichever half comes last.</summary>
    public void OnFailureWritten()
    {
        IsFailureWritten = true;
        CompleteAfterBoth(1);
    }

    /// <summary>The other half: the peer's bytes have ended, or its time has.</summary>
    public void OnInputEnded() => CompleteAfterBoth(2);

    private void CompleteAfterBoth(int part)
    {
        Interleaving.Point();
        if ((Interlocked.Or(ref _failureParts, part) | part) == 3)
        {
            Complete();
        }
    }

    private static async Task IgnoreErrorAsync(ValueTask completion)
    {
        try
        {
            await completion;
        }
        catch (Exception)
        {
            // The transport is gone already.
        }
    }
}
