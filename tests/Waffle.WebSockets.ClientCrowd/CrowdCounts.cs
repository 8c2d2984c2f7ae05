using System.Globalization;

namespace Waffle.WebSockets.ClientCrowd;

/// <summary>What the clients saw.</summary>
internal sealed class CrowdCounts
{
    /// <summary>Readers that got a Close with 1012 and a time to come back.</summary>
    public int Advised;

    /// <summary>Readers that got anything else.</summary>
    public int Surprised;

    /// <summary>Attempts to come back that got 503.</summary>
    public int Refused;

    /// <summary>Attempts to come back that were let in.</summary>
    public int LetIn;

    /// <summary>Those who never read and whose connection was closed in the end.</summary>
    public int SilentCut;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"advised={Advised} surprised={Surprised} refused={Refused} let_in={LetIn} silent_cut={SilentCut}");
}
