using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>Peers whose frames are right, and whose messages are not.</summary>
internal static class HostileMessages
{
    private static readonly string[] _malformed =
    [
        "", "{", "hello", "[1,2]", "null", "{}", """{"type":7}""", """{"type":"echo","type":"echo"}""",
        """{"type":"echo","payload":{"number":"x"}}""",
        """{"type":"join"}""", """{"type":"join","payload":{}}""", """{"type":"say","payload":{"room":"nowhere","number":1,"text":""}}""",
        """{"type":"echo","payload":1} {}""", $$"""{"type":"{{new string('t', 200)}}"}""", """{"type":"echo","id":5}""",
        $$"""{"type":"echo","payload":{{new string('[', 40)}}{{new string(']', 40)}}}""",
    ];

    /// <summary>Each gets its error, and none ends the connection.</summary>
    public static async Task<string> SendMalformedAsync(HostileScene scene)
    {
        var peer = await scene.UpgradeAsync(SoakPaths.Plain);
        foreach (var message in _malformed)
        {
            await peer.SendTextAsync(message);
        }

        await peer.SendBinaryAsync("{}"u8.ToArray());
        for (var errors = 0; errors < _malformed.Length + 1;)
        {
            errors += await NextTextAsync(peer) is { } text && text.StartsWith("""{"type":"error",""", StringComparison.Ordinal) ? 1 : 0;
        }

        scene.Reset();
        return HostileScene.Answered;
    }

    /// <summary>Gets into as many as a client may be in.</summary>
    public static async Task<string> JoinManyRoomsAsync(HostileScene scene)
    {
        var peer = await scene.UpgradeAsync(SoakPaths.Plain);
        for (var i = 0; i < 1_000; i++)
        {
            await peer.SendTextAsync($$$"""{"type":"wander","payload":{"room":"{{{Guid.NewGuid()}}}"}}""");
        }

        await peer.SendTextAsync("""{"type":"echo","payload":{"number":1,"text":""},"id":"last"}""");
        while (!(await NextTextAsync(peer)).EndsWith(@",""id"":""last""}", StringComparison.Ordinal))
        {
        }

        scene.Reset();
        return HostileScene.Answered;
    }

    /// <summary>Four are handled at once; then nobody reads the rest.</summary>
    public static async Task<string> FloodWithNapsAsync(HostileScene scene)
    {
        var peer = await scene.UpgradeAsync();
        for (var i = 0; i < 100; i++)
        {
            await peer.SendTextAsync($$"""{"type":"nap","payload":{"number":{{i}},"text":"","milliseconds":20000},"id":"{{i}}"}""");
        }

        return await HostileScene.ReadToEndAsync(peer, answersPings: true);
    }

    private static async Task<string> NextTextAsync(RawPeer peer) => await peer.ReadFrameButPingsAsync() switch
    {
        { Opcode: RawFrame.TextOpcode } frame => frame.Text,
        { Opcode: RawFrame.CloseOpcode } frame => throw new InvalidDataException($"Closed with {frame.CloseCode}."),
        _ => throw new EndOfStreamException("The connection ended."),
    };
}
