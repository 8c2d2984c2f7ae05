namespace Waffle.WebSockets.Connections;

/// <summary>Whom the end of a connection concerns first.</summary>
internal interface IConnectionOwner
{
    /// <summary>The connection has ended. Called once, before anybody who awaits its completion goes on; under no lock. Must not throw.</summary>
    void OnEnded(CloseInfo close);
}
