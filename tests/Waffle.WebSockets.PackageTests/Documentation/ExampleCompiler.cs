using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>Compiles examples as a web project that refers to the library.</summary>
internal static class ExampleCompiler
{
    private static readonly string[] _dependencies = ["Microsoft.AspNetCore.", "Microsoft.Extensions.", "StackExchange.Redis.", "NATS."];

    private static readonly List<PortableExecutableReference> _references = FindReferences();

    private static readonly ISourceGenerator[] _generators = FindGenerators();

    /// <summary>What the compiler has against it, warnings included; nothing if all is well.</summary>
    public static IEnumerable<string> Compile(CodeBlock block)
    {
        var trees = ExampleProgram.Parse(block);
        var kind = ExampleProgram.HasStatements(trees[0]) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var compilation = CSharpCompilation.Create(
            "Example", trees, _references, new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create(_generators).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var complaints);
        return generated.GetDiagnostics()
            .Concat(complaints)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(Describe);
    }

    private static string Describe(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    // The shared frameworks, the libraries and what these depend on; nothing that only the tests have.
    private static List<PortableExecutableReference> FindReferences()
    {
        return
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(file => IsDelivered(file) || !file.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
                .Select(file => MetadataReference.CreateFromFile(file)),
        ];
    }

    private static bool IsDelivered(string file) =>
        Libraries.All.Any(library => library.Location == file)
        || _dependencies.Any(prefix => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal));

    private static ISourceGenerator[] FindGenerators()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "generators", "System.Text.Json.SourceGeneration.dll");
        return [.. new AnalyzerFileReference(file, new Loader()).GetGenerators(LanguageNames.CSharp)];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
