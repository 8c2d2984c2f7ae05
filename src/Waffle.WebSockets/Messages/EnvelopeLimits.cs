using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Messages;

/// <summary>Those of the problems of a message which are limits of ours.</summary>
internal static class EnvelopeLimits
{
    public static void Count(LimitHits hits, MessageProblem? problem)
    {
        switch (problem)
        {
            case MessageProblem.TooDeep:
                hits.Add(Limits.MessageDepth, MessageJsonDefaults.MaxDepth);
                break;
            case MessageProblem.TypeTooLong:
                hits.Add(Limits.MessageTypeLength, EnvelopeFormat.MaxNameBytes);
                break;
            case MessageProblem.IdTooLong:
                hits.Add(Limits.MessageIdLength, EnvelopeFormat.MaxNameBytes);
                break;
            default:
                break;
        }
    }
}
