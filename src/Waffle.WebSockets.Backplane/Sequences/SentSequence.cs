namespace Waffle.WebSockets.Backplane;

/// <summary>How far one server has counted in one channel.</summary>
internal sealed class SentSequence(ChannelScope scope, string channel, long epoch)
{
    public ChannelScope Scope => scope;

    public string Channel => channel;

    public long Epoch => epoch;

    /// <summary>When a number was given last.</summary>
    public long LastUsed { get; set; }

    /// <summary>The last number that was given, whether or not what had it could be published.</summary>
    public long Last { get; set; }
}
