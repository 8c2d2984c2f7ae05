namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>A program that could not be started, or did not end well.</summary>
internal sealed class CommandFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
