using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>Those of the rules that a peer can break which are limits of ours.</summary>
internal static class BreachedLimits
{
    public static void Count(LimitHits hits, Breach breach, WebSocketConnectionOptions options)
    {
        if (breach.Rule == ProtocolViolations.MessageTooBig)
        {
            hits.Add(Limits.MaxMessageSize, breach.Limit);
        }
        else if (breach.Rule == ProtocolViolations.TooManyFragments)
        {
            hits.Add(Limits.MaxFragments, options.MaxFragments);
        }
        else if (breach.Rule == ProtocolViolations.MessageTooSlow)
        {
            hits.Add(Limits.MessageTimeout, options.MessageTimeout);
        }
        else if (breach.Rule == ProtocolViolations.TooManyControlFrames)
        {
            hits.Add(Limits.ControlFrames, ControlFrameRate.PerSecond);
        }
    }
}
