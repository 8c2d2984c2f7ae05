namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>What the queue gives its writer.</summary>
/// <param name="Frame">The next frame and its reference, or none.</param>
/// <param name="IsFinished">Whether the frame goes out as it is; otherwise the writer may compress it.</param>
/// <param name="IsLast">Nothing comes any more: the frame is our Close; or there is none, for the connection has ended, and the role stays.</param>
/// <param name="IsMoreWaiting">Whether something waited behind the frame when it was taken.</param>
internal readonly record struct TakenFrame(OutboundFrame? Frame, bool IsFinished, bool IsLast, bool IsMoreWaiting);
