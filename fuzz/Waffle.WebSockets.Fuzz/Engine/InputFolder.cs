using System.Security.Cryptography;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>A folder of inputs, one in each file.</summary>
internal sealed class InputFolder(string path)
{
    public string Path => path;

    /// <summary>All inputs in the order of their files' names; none if there is no such folder.</summary>
    public IReadOnlyList<byte[]> Load() => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
        : [];

    /// <summary>Keeps an input under a name made of its content; returns the file.</summary>
    public string Save(ReadOnlySpan<byte> input, string prefix = "")
    {
        Directory.CreateDirectory(path);
        var file = System.IO.Path.Combine(path, prefix + Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6)));
        File.WriteAllBytes(file, input);
        return file;
    }
}
