namespace Waffle.WebSockets.Soak.Clients;

/// <summary>A request whose reply is to come.</summary>
/// <param name="Type">Its type, and its reply's.</param>
/// <param name="Check">Looks at the payload as soon as it comes, before any later message; says what is wrong.</param>
/// <param name="ExpectedError">The error that it must be answered with instead.</param>
internal sealed record PendingRequest(string Type, Func<System.Text.Json.JsonElement, string?> Check, string? ExpectedError = null)
{
    private readonly TaskCompletionSource _replied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the reply, or with the connection.</summary>
    public Task Replied => _replied.Task;

    public void Complete() => _replied.TrySetResult();
}
