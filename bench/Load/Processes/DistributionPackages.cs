namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>Packages of the Linux distribution that something is built with or run by.</summary>
/// <param name="Needed">Files and folders, or names of programs that PATH has, which tell that the packages are there.</param>
/// <param name="Names">What to install if one of them is not.</param>
internal sealed record DistributionPackages(IReadOnlyList<string> Needed, IReadOnlyList<string> Names)
{
    private static readonly Dictionary<string, string> _unattended = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    /// <summary>Installs what is missing, if this process may; returns why it is still missing, or null.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (Needed.All(IsThere))
        {
            return null;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return $"not installed, and only root can: {string.Join(' ', Names)}";
        }

        // A list of packages that cannot be renewed may still do.
        await new Command("apt-get", ["update", "-q"], Environment: _unattended).TryAsync(cancellationToken);
        string[] install = ["install", "-q", "-y", "--no-install-recommends", .. Names];
        return await new Command("apt-get", install, Environment: _unattended).TryAsync(cancellationToken);
    }

    private static bool IsThere(string needed) => Path.IsPathRooted(needed) ? Path.Exists(needed) : IsProgram(needed);

    private static bool IsProgram(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Any(folder => File.Exists(Path.Combine(folder, name)));
    }
}
