using System.Runtime.CompilerServices;
using dnlib.DotNet;
using dnlib.DotNet.Emit;
using SharpFuzz;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Copies this program to another folder and instruments the libraries there.</summary>
internal static class Instrumentation
{
    private static readonly string[] _libraries = ["Waffle.WebSockets.dll", "Waffle.WebSockets.Backplane.dll"];

    // SharpFuzz reads its options from the environment alone, once.
    private const string CallbackOption = "SHARPFUZZ_ENABLE_ON_BRANCH_CALLBACK";

    /// <summary>Makes <paramref name="folder"/> anew; returns how many blocks they have there.</summary>
    public static int Create(string folder, IReadOnlyList<IFuzzTarget> targets)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        CopyFiles(AppContext.BaseDirectory, folder);
        Environment.SetEnvironmentVariable(CallbackOption, "1");
        string[] libraries = [.. _libraries.Select(library => Path.Combine(folder, library))];
        string[] covered = [.. targets.SelectMany(target => target.Covers)];
        foreach (var library in libraries)
        {
            Fuzzer.Instrument(library, type => covered.Any(name => type.StartsWith(name, StringComparison.Ordinal)), Options.Value);
        }

        string[] blocks = [.. libraries.SelectMany(FindBlocks)];
        File.WriteAllLines(Path.Combine(folder, BlockMap.FileName), blocks);
        return blocks.Length;
    }

    private static void CopyFiles(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(destination, Path.GetFileName(file)));
        }
    }

    // Each block begins with a call of the callback: its number, the method's name, the call. What the compiler writes for records and
    // properties is nobody's to test.
    private static IEnumerable<string> FindBlocks(string library)
    {
        using var module = ModuleDefMD.Load(library);
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods.Where(method => method.HasBody && !IsGenerated(method)))
            {
                var instructions = method.Body.Instructions;
                for (var i = 3; i < instructions.Count; i++)
                {
                    if (instructions[i].OpCode == OpCodes.Callvirt
                        && instructions[i - 1].OpCode == OpCodes.Ldstr
                        && instructions[i - 3].Operand is IField { Name.String: nameof(SharpFuzz.Common.Trace.OnBranch) })
                    {
                        yield return $"{instructions[i - 2].GetLdcI4Value()} {type.FullName}";
                    }
                }
            }
        }

        static bool IsGenerated(MethodDef method) => method.CustomAttributes.IsDefined(typeof(CompilerGeneratedAttribute).FullName);
    }
}
