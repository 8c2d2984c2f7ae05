using System.Text.Json;

namespace Notifications;

/// <summary>The body of <c>POST /api/notify</c>. Without a user it is for everybody.</summary>
internal sealed record NotifyOrder(string? UserId, string? Title, string? Body)
{
    private const int MaxTitleLength = 100;
    private const int MaxBodyLength = 1_000;

    /// <summary>Reads it, or says what is wrong with the request.</summary>
    public static async Task<(NotifyOrder? Order, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFromJsonAsync<NotifyOrder>(cancellationToken) switch
            {
                null => Wrong("Send an object, not null."),
                { Title: not { Length: > 0 and <= MaxTitleLength } } => Wrong($"\"title\" must have 1 to {MaxTitleLength} characters."),
                { Body.Length: > MaxBodyLength } => Wrong($"\"body\" may have at most {MaxBodyLength} characters."),
                { } order => (order, null),
            };
        }
        catch (JsonException error)
        {
            var place = $"line {error.LineNumber + 1}, {error.Path ?? "$"}";
            return Wrong($"This is not {{\"user_id\":…,\"title\":…,\"body\":…}} with texts. Look at {place}.");
        }
        catch (InvalidOperationException)
        {
            // Another Content-Type. To insist on this one keeps other sites' pages from posting here: unasked they may send forms, but no JSON.
            return Wrong("Send JSON, with the header Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static (NotifyOrder? Order, IResult? Problem) Wrong(string what, int status = StatusCodes.Status400BadRequest) =>
        (null, Results.Problem(what, statusCode: status));
}
