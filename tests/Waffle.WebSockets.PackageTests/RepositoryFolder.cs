namespace Waffle.WebSockets.PackageTests;

/// <summary>The repository that the tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    public static string Source => System.IO.Path.Combine(Path, "src");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Waffle.WebSockets.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.GetEnvironmentVariable("REPOSITORY_ROOT")
            ?? throw new InvalidOperationException("Run the tests from a folder inside the repository, or set REPOSITORY_ROOT to it.");
    }
}
