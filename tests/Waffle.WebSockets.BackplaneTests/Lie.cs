namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What a liar may make of a message.</summary>
public enum Lie
{
    Lose,
    Repeat,
    Corrupt,
    Cut,
    Delay,
    Invent,
}
