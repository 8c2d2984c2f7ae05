namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>All ways to be hostile.</summary>
internal static class HostileKinds
{
    // Who goes on sending may get the end of the connection before the Close.
    private const string Cut = HostileScene.Cut;

    public static IReadOnlyList<HostileKind> All { get; } =
    [
        new("random bytes as a handshake", HostileHandshakes.SendNoiseAsync, "HTTP/1.1 400 Bad Request", Cut),
        new("half a handshake and silence", HostileHandshakes.FallSilentAsync, "HTTP/1.1 408 Request Timeout", Cut),
        new("a reset in the handshake", HostileHandshakes.ResetAsync, Cut),
        new("a frame without a mask", HostileFrames.SendUnmaskedAsync, "1002"),
        new("reserved bits", HostileFrames.SendReservedBitsAsync, "1002"),
        new("a control frame that is too long", HostileFrames.SendLongPingAsync, "1002"),
        new("a length of a terabyte", HostileFrames.AnnounceTooMuchAsync, "1009"),
        new("text that is not UTF-8", HostileFrames.SendInvalidTextAsync, "1007"),
        new("a Close with a bad code", HostileFrames.SendBadCodeAsync, "1002"),
        new("a flood of pings", HostileFrames.FloodWithPingsAsync, "1008", Cut),
        new("fragments without end", HostileFrames.FragmentForEverAsync, "1008", Cut),
        new("a deflate bomb", HostileFrames.SendBombAsync, "1009"),
        new("what cannot be inflated", HostileFrames.SendBadDeflateAsync, "1007"),
        new("a reset in a frame", HostileFrames.ResetAsync, Cut),
        new("talk behind the Close", HostileFrames.TalkBehindCloseAsync, "1000", Cut),
        new("malformed messages", HostileMessages.SendMalformedAsync, HostileScene.Answered),
        new("a thousand rooms", HostileMessages.JoinManyRoomsAsync, HostileScene.Answered),
        new("more slow requests than are read ahead", HostileMessages.FloodWithNapsAsync, "1008"),
        new("a message that drips", HostileSilences.DripAsync, "1008", Cut),
        new("no pongs", HostileSilences.AnswerNothingAsync, "1011"),
        new("nothing but pongs", HostileSilences.SayNothingAsync, "1008"),
        new("no answer to a Close", HostileSilences.IgnoreCloseAsync, "1000"),
    ];
}
