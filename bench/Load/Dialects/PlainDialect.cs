namespace Waffle.WebSockets.Bench.Load.Dialects;

/// <summary>A payload is a text message, and nothing else is said.</summary>
internal sealed class PlainDialect : Dialect
{
    public static readonly PlainDialect Instance = new();

    private PlainDialect()
    {
    }
}
