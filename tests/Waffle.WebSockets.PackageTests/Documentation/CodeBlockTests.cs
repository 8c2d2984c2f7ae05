using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>The code in README.md, in the pages of docs and in the comments of the library's members is true.</summary>
public partial class CodeBlockTests
{
    private static readonly Dictionary<string, CodeBlock> _blocks =
        MarkdownPage.All.SelectMany(MarkdownPage.ReadBlocks).Concat(XmlExamples.Read()).ToDictionary(block => block.Name);

    public static TheoryData<string> CSharp => Named("csharp");

    public static TheoryData<string> Json => Named("json");

    public static TheoryData<string> JavaScript => Named("js", "html");

    public static TheoryData<string> Shell => Named("sh");

    [Theory]
    [MemberData(nameof(CSharp))]
    public void CSharp_compiles_without_a_warning(string name)
    {
        var complaints = ExampleCompiler.Compile(_blocks[name]).ToList();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    [Theory]
    [MemberData(nameof(Json))]
    public void Json_is_one_value(string name) => JsonDocument.Parse(_blocks[name].Text).Dispose();

    [Theory]
    [MemberData(nameof(JavaScript))]
    public async Task JavaScript_has_no_syntax_error(string name)
    {
        var block = _blocks[name];
        var scripts = block.Language == "html" ? Script().Matches(block.Text).Select(script => script.Groups["code"].Value) : [block.Text];
        foreach (var script in scripts)
        {
            Assert.Equal(string.Empty, await CheckWithNodeAsync(script));
        }
    }

    [Theory]
    [MemberData(nameof(Shell))]
    public void Shell_names_only_files_and_folders_that_exist(string name) =>
        Assert.All(
            RepositoryPath().Matches(_blocks[name].Text).Select(match => match.Value),
            path => Assert.True(Path.Exists(Path.Combine(RepositoryFolder.Path, path)), path));

    [Fact]
    public void Every_block_is_of_a_language_that_is_checked() =>
        Assert.All(_blocks.Values, block => Assert.Contains(block.Language, (string[])["csharp", "json", "js", "html", "sh", "nginx"]));

    [Theory]
    [InlineData("hub.Room(\"tea\").Join();", "page.md:1: CS1501")]
    [InlineData("string text = client.Get<string>(\"name\");", "page.md:1: CS8600")]
    [InlineData("var app = WebApplication.Create();\napp.MapWebSocketHub(\"/ws\", new MessageRouter());", "page.md:2: CS0246")]
    public void The_compiler_sees_mistakes(string code, string complaint) =>
        Assert.Contains(complaint, Assert.Single(ExampleCompiler.Compile(new CodeBlock("page.md", 1, "csharp", code))), StringComparison.Ordinal);

    [Fact]
    public async Task Node_sees_mistakes() =>
        Assert.Contains("SyntaxError", await CheckWithNodeAsync("const socket = new;"), StringComparison.Ordinal);

    [Fact]
    public void A_block_that_continues_knows_what_was_declared_before()
    {
        const string Page = """
            ```csharp
            var room = hub.Room("tea");
            record Cup(int Size);
            ```

            <!-- continues -->
            ```csharp
            await room.BroadcastJsonAsync(new Cup(3));
            ```
            """;
        var blocks = MarkdownPage.FindBlocks("page.md", Page.ReplaceLineEndings("\n"));

        Assert.Equal(["page.md:2", "page.md:8"], blocks.Select(block => block.Name));
        Assert.Empty(ExampleCompiler.Compile(blocks[1]));
        Assert.NotEmpty(ExampleCompiler.Compile(blocks[1] with { Previous = null }));
    }

    private static TheoryData<string> Named(params string[] languages) =>
        [.. _blocks.Values.Where(block => languages.Contains(block.Language)).Select(block => block.Name)];

    /// <summary>What Node.js says against a module; nothing if all is well.</summary>
    private static async Task<string> CheckWithNodeAsync(string code)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mjs");
        await File.WriteAllTextAsync(file, code);
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["--check", file]) { RedirectStandardError = true })!;
            var complaints = await node.StandardError.ReadToEndAsync();
            await node.WaitForExitAsync();
            return node.ExitCode == 0 ? string.Empty : complaints;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex("<script[^>]*>(?<code>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"\b(src|samples|tests|docs)/[\w./-]+|(?<=\s|^)\./[\w./-]+", RegexOptions.Multiline)]
    private static partial Regex RepositoryPath();
}
