using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.BrowserTests.Chat;

/// <summary>The chat sample, published with Native AOT. A warning of the trimmer or the AOT compiler fails it.</summary>
public sealed class NativeChatServer : ChatServer
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "native");

    public override async ValueTask InitializeAsync()
    {
        await PublishAsync();
        await base.InitializeAsync();
    }

    protected override ProcessStartInfo CreateStart() => new(Path.Combine(_folder, "published", "Chat"));

    private static async Task PublishAsync()
    {
        string[] arguments =
        [
            "publish", RepositoryFolder.Sample("Chat"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true",
            "-p:CppCompilerAndLinker=gcc", "--artifacts-path", _folder, "-o", Path.Combine(_folder, "published"), "-v", "quiet", "-nologo",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var publish = Process.Start(start)!;
        var output = publish.StandardOutput.ReadToEndAsync();
        var errors = publish.StandardError.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, $"{await output}{await errors}");
    }
}
