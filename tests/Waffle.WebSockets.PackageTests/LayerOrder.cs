using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Waffle.WebSockets.PackageTests;

/// <summary>Data flows one way, and the folders show it: a layer uses itself and the layers before it, never one behind it.</summary>
public class LayerOrder
{
    private static readonly string[] _layers =
    [
        "Backplane/Contract", "Backplane/Messages", "Protocol", "Diagnostics", "Connections", "Messages",
        "Backplane/InMemory", "Backplane/Envelope", "Backplane/Sequences", "Backplane/Links", "Backplane/Publishing", "Redis", "Nats",
        "Hubs", "Routing", "AspNetCore", "Testing",
    ];

    // Wire code is pure: what it must not know.
    private static readonly string[] _impureNamespaces =
    [
        "System.Threading", "System.IO", "System.Net", "System.Diagnostics.Metrics", "Microsoft.Extensions.Logging", "Microsoft.AspNetCore",
    ];

    private static readonly string[] _clocks = ["System.TimeProvider", "System.DateTime", "System.DateTimeOffset", "System.Diagnostics.Stopwatch"];

    private static readonly CSharpCompilation _compilation = Compile();

    [Fact]
    public void No_layer_uses_one_that_stands_behind_it()
    {
        var upward =
            from use in Uses()
            from declaration in use.Symbol.DeclaringSyntaxReferences
            let user = LayerOf(use.File)
            let used = LayerOf(declaration.SyntaxTree.FilePath)
            where Array.IndexOf(_layers, used) > Array.IndexOf(_layers, user)
            select $"{use.File} ({user}) uses {use.Symbol} ({used})";
        Assert.Empty(upward.Distinct());
    }

    [Fact]
    public void Every_file_belongs_to_a_layer() =>
        Assert.All(Trees(), tree => Assert.Contains(LayerOf(tree.FilePath), _layers));

    [Fact]
    public void Protocol_knows_no_tasks_sockets_streams_clocks_or_logs()
    {
        var impure =
            from use in Uses()
            where LayerOf(use.File) == "Protocol"
            let name = use.Symbol.ContainingNamespace?.ToDisplayString() ?? string.Empty
            where _impureNamespaces.Any(impureName => name == impureName || name.StartsWith(impureName + ".", StringComparison.Ordinal))
                || _clocks.Contains(use.Symbol.ToDisplayString())
            select $"{use.File} uses {use.Symbol}";
        Assert.Empty(impure.Distinct());
    }

    [Fact]
    public void The_test_sees_what_it_looks_for()
    {
        // Guards the guards: the compilation resolves names, across layers and into the framework.
        var uses = Uses().ToList();
        Assert.Contains(uses, use => LayerOf(use.File) == "Hubs" && use.Symbol.Name == "OutboundFrame");
        Assert.Contains(uses, use => LayerOf(use.File) == "AspNetCore" && use.Symbol.Name == "HttpContext");
        Assert.Contains(uses, use => LayerOf(use.File) == "Connections" && use.Symbol.ToDisplayString() == "System.TimeProvider");
    }

    private static IEnumerable<(string File, INamedTypeSymbol Symbol)> Uses() =>
        from tree in Trees()
        let model = _compilation.GetSemanticModel(tree)
        from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol
        let type = symbol as INamedTypeSymbol ?? symbol?.ContainingType
        where type is not null
        select (tree.FilePath, type.OriginalDefinition);

    private static IEnumerable<SyntaxTree> Trees() => _compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    // The folder in the library proper; in the other assemblies, theirs before it, or alone where they have no folders.
    private static string LayerOf(string file)
    {
        var parts = file.Split(Path.DirectorySeparatorChar);
        var assembly = parts[0]["Waffle.WebSockets".Length..].TrimStart('.');
        return assembly switch
        {
            "" => parts[1],
            "Backplane" => $"Backplane/{parts[1]}",
            _ => assembly,
        };
    }

    private static CSharpCompilation Compile()
    {
        const string ImplicitUsings = """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
            global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
            """;
        var trees =
            from file in Directory.EnumerateFiles(RepositoryFolder.Source, "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(RepositoryFolder.Source, file)
            where path.Split(Path.DirectorySeparatorChar)[1] is not ("bin" or "obj")
            select CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: path);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("Waffle.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
        return CSharpCompilation.Create(
            "Waffle.WebSockets",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }
}
