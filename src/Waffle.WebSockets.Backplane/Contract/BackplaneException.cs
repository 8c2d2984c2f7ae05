namespace Waffle.WebSockets;

/// <summary>A backplane's engine could not do what was asked; the message says what and why.</summary>
/// <param name="message">What could not be done.</param>
/// <param name="innerException">What the engine's driver said.</param>
public sealed class BackplaneException(string message, Exception? innerException = null) : Exception(message, innerException);
