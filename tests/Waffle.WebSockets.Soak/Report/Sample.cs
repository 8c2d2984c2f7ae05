namespace Waffle.WebSockets.Soak.Report;

/// <summary>The server at a moment of the run.</summary>
/// <param name="Time">Since the first client.</param>
/// <param name="Figures">What it knows about itself.</param>
/// <param name="Clients">How many clients had been begun.</param>
internal sealed record Sample(TimeSpan Time, Figures Figures, long Clients);
