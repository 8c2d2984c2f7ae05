using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>Where a target's inputs are, from the root of the repository.</summary>
internal static class Folders
{
    /// <summary>Inputs to begin with; part of the repository.</summary>
    public static InputFolder Corpus(IFuzzTarget target) => new(Path.Combine("fuzz", "corpus", target.Name));

    /// <summary>Inputs that failed once; part of the repository.</summary>
    public static InputFolder Findings(IFuzzTarget target) => new(Path.Combine("fuzz", "findings", target.Name));

    /// <summary>All that reached something new on this machine, to go on with the next time.</summary>
    public static InputFolder Grown(IFuzzTarget target) => new(Path.Combine("artifacts", "fuzz", "corpus", target.Name));

    /// <summary>The input of the run under way.</summary>
    public static string Current(IFuzzTarget target) => Path.Combine("artifacts", "fuzz", $"{target.Name}.current");
}
