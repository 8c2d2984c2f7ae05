using System.Globalization;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>What was asked for.</summary>
internal sealed record SoakOptions
{
    public const string Usage = """
        Usage: ./soak.sh MINUTES [--clients N] [--seed S] [--stalled PERCENT] [--hostile PERCENT]
                         [--backplane ENGINE [--outage SECONDS]]

          MINUTES     how long, such as 30 or 0.5
          --clients   how many at a time; 500 unless given
          --seed      repeats the choices of a run; a new one unless given
          --stalled   how many of the clients do not read; 2 unless given
          --hostile   how many of the clients break the rules; 1 unless given
          --backplane redis or nats: two servers, connected by it
          --outage    how often that is killed, and started again; every 20 seconds unless given
        """;

    public required TimeSpan Duration { get; init; }

    public int Clients { get; init; } = 500;

    public int Seed { get; init; } = Random.Shared.Next();

    public int StalledPercent { get; init; } = 2;

    public int HostilePercent { get; init; } = 1;

    public SoakBackplane Backplane { get; init; }

    /// <summary>How many seconds the engine lives before it is killed.</summary>
    public int OutageSeconds { get; init; } = 20;

    /// <summary>How often there is a line: every 30 s, in short runs more often.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 12, 1, 30));

    /// <summary>How long the server rests when all have gone, so that pools give back what they do not need: at most a minute.</summary>
    public TimeSpan Rest => TimeSpan.FromSeconds(Math.Min(Duration.TotalSeconds / 10, 60));

    /// <summary>The options, or <see langword="null"/> if they make no sense.</summary>
    public static SoakOptions? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count % 2 == 0
            || !double.TryParse(arguments[0], CultureInfo.InvariantCulture, out var minutes)
            || minutes is not (> 0 and < 100_000))
        {
            return null;
        }

        SoakOptions? options = new() { Duration = TimeSpan.FromMinutes(minutes) };
        for (var i = 1; i < arguments.Count && options is not null; i += 2)
        {
            options = options.With(arguments[i], arguments[i + 1]);
        }

        return options is { Clients: > 0, OutageSeconds: > 0 } && options.StalledPercent + options.HostilePercent <= 100 ? options : null;
    }

    private SoakOptions? With(string name, string text) => (name, text) switch
    {
        ("--backplane", "redis") => this with { Backplane = SoakBackplane.Redis },
        ("--backplane", "nats") => this with { Backplane = SoakBackplane.Nats },
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? With(name, value) : null,
    };

    private SoakOptions? With(string name, int value) => name switch
    {
        "--clients" => this with { Clients = value },
        "--seed" => this with { Seed = value },
        "--stalled" => this with { StalledPercent = value },
        "--hostile" => this with { HostilePercent = value },
        "--outage" => this with { OutageSeconds = value },
        _ => null,
    };
}
