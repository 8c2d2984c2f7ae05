namespace Shared;

/// <summary>Runs steps one at a time: what a step decides still holds when it tells others.</summary>
public sealed class OneAtATime : IDisposable
{
    private readonly SemaphoreSlim _step = new(1);

    public async Task RunAsync(Func<Task> step)
    {
        await _step.WaitAsync();
        try
        {
            await step();
        }
        finally
        {
            _step.Release();
        }
    }

    public void Dispose() => _step.Dispose();
}
