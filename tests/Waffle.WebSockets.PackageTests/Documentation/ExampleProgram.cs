using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>Makes a program of an example and of those that it continues: usings, then statements, then types.</summary>
/// <remarks>
/// An example that creates its application is a whole program, and gets nothing but the usings that a web project has. Any other is a piece of one: the
/// library's namespace and the names in <see cref="Prelude"/> are in scope for it, unless it declares them itself.
/// </remarks>
internal static class ExampleProgram
{
    // What Microsoft.NET.Sdk.Web adds to each file.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Net.Http.Json; global using System.Threading; global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting; global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    private const string Prelude = """
        global using Waffle.WebSockets;
        global using static InScope;

        internal static class InScope
        {
            public static WebApplicationBuilder builder => throw null!;
            public static WebApplication app => throw null!;
            public static HttpContext http => throw null!;
            public static WebSocketHub hub => throw null!;
            public static HubClient client => throw null!;
            public static WebSocketConnection connection => throw null!;
            public static MessageRouter router => throw null!;
            public static WebSocketHubPublisher publisher => throw null!;
            public static InMemoryExchange exchange => throw null!;
            public static CancellationToken ct => default;
        }
        """;

    public static IReadOnlyList<SyntaxTree> Parse(CodeBlock block)
    {
        var text = Compose(block);
        var isWhole = text.Contains("WebApplication.Create", StringComparison.Ordinal);
        return
        [
            CSharpSyntaxTree.ParseText(text),
            CSharpSyntaxTree.ParseText(ImplicitUsings),
            .. isWhole ? [] : new[] { CSharpSyntaxTree.ParseText(Prelude) },
        ];
    }

    /// <summary>Whether the program has statements to run, or declares types only.</summary>
    public static bool HasStatements(SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();

    private static string Compose(CodeBlock block)
    {
        var (usings, statements, types) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        foreach (var part in Chain(block))
        {
            var text = SourceText.From(part.Text);
            var root = CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot();
            foreach (var node in root.Usings)
            {
                Add(usings, node);
            }

            foreach (var member in root.Members)
            {
                Add(member is GlobalStatementSyntax ? statements : types, member);
            }

            void Add(StringBuilder to, SyntaxNode node)
            {
                // Errors are told with the line of the page.
                var line = part.Line + text.Lines.GetLinePosition(node.FullSpan.Start).Line;
                to.Append("#line ").Append(Math.Max(line, 1)).Append(" \"").Append(part.Source).Append("\"\n");
                to.Append(text.ToString(node.FullSpan)).Append('\n');
            }
        }

        return $"{usings}{statements}{types}";
    }

    private static IEnumerable<CodeBlock> Chain(CodeBlock block) =>
        block.Previous is null ? [block] : Chain(block.Previous).Append(block);
}
