using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>A handler that reads with the connection's own token, which fires with the end: the end is what it is told, wherever it was.</summary>
public sealed class ReadAllWithClosedTests
{
    [Fact]
    public async Task Who_waits_for_a_message_is_told_of_a_clean_end()
    {
        await using var pair = ConnectionPair.Create();
        var reading = ReadAllAsync(pair.Server);
        await pair.Client.SendCloseAsync();

        Assert.Empty(await reading.Soon());
    }

    [Fact]
    public async Task Who_handles_the_last_message_is_told_of_a_clean_end()
    {
        await using var pair = ConnectionPair.Create();
        var mayGoOn = new TaskCompletionSource();
        var reading = await HandleLastWordsAsync(pair, mayGoOn.Task);
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();
        mayGoOn.SetResult();

        Assert.Equal(["last words"], await reading.Soon());
    }

    [Fact]
    public async Task Who_handles_the_last_message_for_too_long_is_told_of_a_clean_end()
    {
        await using var pair = ConnectionPair.Create();
        var mayGoOn = new TaskCompletionSource();
        var reading = await HandleLastWordsAsync(pair, mayGoOn.Task);
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();
        pair.Advance(TimeSpan.FromSeconds(5));
        await FiredAsync(pair);
        mayGoOn.SetResult();

        Assert.Equal(["last words"], await reading.Soon());
    }

    [Fact]
    public async Task Who_begins_to_read_after_the_end_is_told_of_a_clean_end()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync();
        await FiredAsync(pair);

        Assert.Empty(await ReadAllAsync(pair.Server).Soon());
    }

    [Fact]
    public async Task Who_is_busy_when_another_closes_is_told_of_a_clean_end()
    {
        await using var pair = ConnectionPair.Create();
        var mayGoOn = new TaskCompletionSource();
        var reading = await HandleLastWordsAsync(pair, mayGoOn.Task);
        var closing = pair.Server.CloseAsync();
        await pair.Client.SendCloseAsync();
        await closing.Soon();
        await FiredAsync(pair);
        mayGoOn.SetResult();

        Assert.Equal(["last words"], await reading.Soon());
    }

    [Fact]
    public async Task Who_begins_to_read_after_an_abort_is_told_of_that()
    {
        await using var pair = ConnectionPair.Create();
        pair.Server.Abort();
        await FiredAsync(pair);

        var end = await Assert.ThrowsAsync<ConnectionClosedException>(() => ReadAllAsync(pair.Server).Soon());
        Assert.Equal(CloseCause.Aborted, end.Close.Cause);
    }

    [Fact]
    public async Task Messages_that_were_left_too_long_are_called_off()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("unread");
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();
        pair.Advance(TimeSpan.FromSeconds(5));
        await FiredAsync(pair);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAllAsync(pair.Server).Soon());
        Assert.Equal("unread", await pair.Server.ReadTextAsync());
    }

    // Returns when the one message is being handled; what is read all in all follows when the end is told.
    private static async Task<Task<List<string>>> HandleLastWordsAsync(ConnectionPair pair, Task handling)
    {
        var begun = new TaskCompletionSource();
        var reading = ReadAllAsync(pair.Server, begun, handling);
        await pair.Client.SendTextAsync("last words");
        await begun.Task.Soon();
        return reading;
    }

    private static async Task<List<string>> ReadAllAsync(WebSocketConnection connection, TaskCompletionSource? begun = null, Task? handling = null)
    {
        var texts = new List<string>();
        await foreach (var message in connection.ReadAllAsync(connection.Closed))
        {
            texts.Add(message.GetText());
            begun?.SetResult();
            await (handling ?? Task.CompletedTask);
        }

        return texts;
    }

    private static Task FiredAsync(ConnectionPair pair) => Wait.Eventually(() => pair.Server.Closed.IsCancellationRequested, "Closed has fired");
}
