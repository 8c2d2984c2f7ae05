using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.BenchTests.Processes;

public sealed class DistributionPackagesTests
{
    [Fact]
    public async Task Nothing_is_installed_if_the_programs_and_folders_are_there()
    {
        var packages = new DistributionPackages(["sh", "/"], ["no-package-has-this-name"]);

        Assert.Null(await packages.EnsureAsync(CancellationToken.None));
    }
}
