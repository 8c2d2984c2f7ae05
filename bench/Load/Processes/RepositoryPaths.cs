namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>Where things are in the repository that this program was built in.</summary>
internal static class RepositoryPaths
{
    public static readonly string Root = FindRoot();

    public static string In(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Waffle.WebSockets.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a Waffle.WebSockets.slnx.");
    }
}
