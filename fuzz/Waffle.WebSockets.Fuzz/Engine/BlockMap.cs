using System.Globalization;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>The blocks of the instrumented library: which number is whose.</summary>
/// <remarks>A file beside the library has a line <c>number type</c> for each.</remarks>
internal sealed class BlockMap
{
    public const string FileName = "blocks.txt";

    private readonly List<(int Id, string Type)> _blocks;

    private BlockMap(IEnumerable<string> lines) => _blocks =
        [.. lines.Select(line => line.Split(' ', 2)).Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))];

    /// <summary>Reads the map from the folder; <see langword="null"/> if the library there is not instrumented.</summary>
    public static BlockMap? Load(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? new BlockMap(File.ReadLines(file)) : null;
    }

    /// <summary>The blocks of the types that a target covers.</summary>
    public IReadOnlyList<int> Of(IFuzzTarget target) =>
    [
        .. _blocks.Where(block => target.Covers.Any(type => block.Type.StartsWith(type, StringComparison.Ordinal)))
            .Select(block => block.Id)
            .Distinct(),
    ];
}
