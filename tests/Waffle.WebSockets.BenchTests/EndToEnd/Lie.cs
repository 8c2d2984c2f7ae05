namespace Waffle.WebSockets.BenchTests.EndToEnd;

/// <summary>What a server does wrong.</summary>
public enum Lie
{
    Lose,
    Repeat,
    Change,
    Chatter,
}
