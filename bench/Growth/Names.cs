namespace Waffle.WebSockets.Bench.Growth;

/// <summary>Whose costs are measured.</summary>
internal static class Names
{
    public const string Waffle = "Waffle.WebSockets";
    public const string SignalR = "SignalR";
}
