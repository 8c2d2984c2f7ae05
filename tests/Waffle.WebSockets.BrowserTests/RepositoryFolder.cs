namespace Waffle.WebSockets.BrowserTests;

/// <summary>Folders of the repository that the tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string TestResults => Path.Combine(TestKit.RepositoryFolder.Path, "tests", "Waffle.WebSockets.BrowserTests", "TestResults");

    public static string Sample(string name) => Path.Combine(TestKit.RepositoryFolder.Path, "samples", name);
}
