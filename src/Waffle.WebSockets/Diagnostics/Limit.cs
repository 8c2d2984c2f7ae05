namespace Waffle.WebSockets.Diagnostics;

/// <summary>A limit whose hits are counted: one of a fixed set, see <see cref="Limits"/>.</summary>
/// <param name="Index">Its place in <see cref="Limits.All"/>.</param>
/// <param name="Name">The value of the metric's label.</param>
/// <param name="Option">The option that changes it; <see langword="null"/>: it is fixed.</param>
/// <param name="Unit">What its value is counted in.</param>
internal sealed record Limit(int Index, string Name, string? Option, string Unit)
{
    /// <summary>The metric's label, made once.</summary>
    public KeyValuePair<string, object?> Label { get; } = new(WebSocketMetrics.LimitLabel, Name);
}
