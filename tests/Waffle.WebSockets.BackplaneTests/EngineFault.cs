namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What happens to an engine, or to one server's way to it.</summary>
public enum EngineFault
{
    Kill,
    Pause,
    Cut,
}
