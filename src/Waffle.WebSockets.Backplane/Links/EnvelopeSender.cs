namespace Waffle.WebSockets.Backplane;

/// <summary>Writes envelopes and hands them to the backplane.</summary>
internal sealed class EnvelopeSender(IBackplane backplane)
{
    /// <summary>Publishes, and releases the content. Never throws.</summary>
    /// <returns>Whether the engine, or its driver, has taken it.</returns>
    public async Task<bool> TrySendAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        try
        {
            var envelope = EnvelopeBuffers.Rent();
            outgoing.Write(envelope);
            await backplane.PublishAsync(outgoing.Channel, envelope.WrittenMemory, cancellationToken);

            // Only now: after a failure a driver may still hold it.
            EnvelopeBuffers.Return(envelope);
            return true;
        }
        catch (Exception)
        {
            // Whatever the reason: it may not have been published, and those who listen are told so.
            return false;
        }
        finally
        {
            outgoing.Content?.Release();
        }
    }
}
