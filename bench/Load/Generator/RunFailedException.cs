namespace Waffle.WebSockets.Bench.Load.Generator;

/// <summary>The server did what it must not, or not what it must: the run has no figures, only this reason.</summary>
internal sealed class RunFailedException(string message) : Exception(message);
