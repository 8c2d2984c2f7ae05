using Waffle.WebSockets.Fuzz.Targets;

namespace Waffle.WebSockets.FuzzTests;

/// <summary>Inputs that the fuzzer begins with, and those that failed once.</summary>
public sealed class Replay
{
    public static TheoryData<string, string> Inputs => new(
        from kind in (string[])["corpus", "findings"]
        from target in FuzzTargets.All
        let folder = Path.Combine(AppContext.BaseDirectory, "fuzz", kind, target.Name)
        where Directory.Exists(folder)
        from file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
        select (target.Name, Path.GetRelativePath(AppContext.BaseDirectory, file)));

    [Theory]
    [MemberData(nameof(Inputs))]
    public void It_passes(string target, string file)
    {
        FuzzTargets.Get(target).Run(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)));
    }

    [Fact]
    public void Every_folder_of_inputs_is_of_a_target_and_every_target_has_inputs()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "fuzz", "corpus");
        var folders = Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path));
        Assert.Equal(FuzzTargets.All.Select(target => target.Name).Order(), folders.Order());
    }
}
