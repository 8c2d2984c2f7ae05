using System.Globalization;

namespace Chat;

/// <summary>What the sample was asked for on its command line.</summary>
/// <param name="Backplane">What connects it with other servers: "redis" or "nats"; <see langword="null"/>: it is alone.</param>
/// <param name="Address">Where that is.</param>
internal sealed record ChatCommand(string? Backplane, string? Address)
{
    public const string Help = """
        A chat with rooms. Without options it runs alone; with a backplane, people on several servers meet in the same rooms.

          --urls http://localhost:5000          where it listens
          --backplane redis --redis HOST:PORT   connects it with other servers through Redis
          --backplane nats --nats HOST:PORT     connects it with other servers through NATS
          --help                                says this

        Other options are those of ASP.NET Core, such as --environment and --Logging:LogLevel:Default.
        """;

    private static readonly string[] _own = ["backplane", "redis", "nats"];

    // What ASP.NET Core reads from a command line; settings within a section have a colon.
    private static readonly string[] _hosts =
        ["urls", "http_ports", "https_ports", "environment", "contentroot", "webroot", "applicationname", "allowedhosts"];

    /// <exception cref="FormatException">Something is wrong, missing or unknown; the message is for whoever has typed it.</exception>
    public static ChatCommand Parse(string[] args)
    {
        var values = ReadOptions(args);
        var backplane = values.GetValueOrDefault("backplane");
        if (backplane is not (null or "redis" or "nats"))
        {
            throw new FormatException($"--backplane is \"{backplane}\"; it may be redis or nats.");
        }

        if (values.Keys.FirstOrDefault(name => name != "backplane" && name != backplane) is { } useless)
        {
            throw new FormatException($"--{useless} is of use with --backplane {useless} only.");
        }

        return backplane is null
            ? new ChatCommand(null, null)
            : new ChatCommand(backplane, CheckAddress(backplane, values.GetValueOrDefault(backplane)));
    }

    private static Dictionary<string, string> ReadOptions(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new FormatException($"Nobody knows what to do with \"{args[i]}\".");
            }

            var parts = args[i][2..].Split('=', 2);
            var name = parts[0].ToLowerInvariant();
            if (!_own.Contains(name) && !_hosts.Contains(name) && !name.Contains(':', StringComparison.Ordinal))
            {
                throw new FormatException($"There is no option --{parts[0]}.");
            }

            var isNextValue = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            var value = parts.Length > 1 ? parts[1] : isNextValue ? args[++i] : string.Empty;
            if (value.Length == 0)
            {
                throw new FormatException($"--{parts[0]} needs a value.");
            }

            if (_own.Contains(name) && !values.TryAdd(name, value))
            {
                throw new FormatException($"--{name} is there twice.");
            }
        }

        return values;
    }

    private static string CheckAddress(string backplane, string? address)
    {
        if (address is null)
        {
            throw new FormatException($"--backplane {backplane} needs --{backplane} HOST:PORT.");
        }

        var colon = address.LastIndexOf(':');
        var isAddress = colon > 0
            && Uri.CheckHostName(address[..colon]) != UriHostNameType.Unknown
            && int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue;
        var usual = backplane == "redis" ? 6379 : 4222;
        return isAddress ? address : throw new FormatException($"--{backplane} is \"{address}\"; it must be HOST:PORT, as in localhost:{usual}.");
    }
}
