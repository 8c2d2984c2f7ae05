namespace Waffle.WebSockets.Bench.Micro.Messages;

/// <summary>A payload as applications have them.</summary>
public sealed class ChatText
{
    public string? Room { get; set; }

    public string? Text { get; set; }
}
