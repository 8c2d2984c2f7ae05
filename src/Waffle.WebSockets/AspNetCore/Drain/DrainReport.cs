namespace Waffle.WebSockets;

/// <summary>What became of an application's connections when it was drained.</summary>
/// <param name="Connections">How many there were, those that came in while it went on included. <paramref name="Closed"/> and <paramref name="Cut"/> together.</param>
/// <param name="Closed">How many ended by themselves or by the closing handshake.</param>
/// <param name="Cut">How many were cut: their peers did not answer the Close in time, or the drain's time was over.</param>
/// <param name="Finished">How many had messages being handled when their turn came, which were handled to their end in time.</param>
/// <param name="LeftBehind">How many handlers or callbacks had not ended a second after all was cut.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record DrainReport(int Connections, int Closed, int Cut, int Finished, int LeftBehind, TimeSpan Elapsed);
