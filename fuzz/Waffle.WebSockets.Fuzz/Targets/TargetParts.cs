using System.Text;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Lists that a target is made of.</summary>
internal static class TargetParts
{
    public static byte[][] Words(params string[] words) => Array.ConvertAll(words, Encoding.UTF8.GetBytes);

    /// <summary>Types of one namespace of the library, by the beginnings of their names.</summary>
    public static string[] Types(string space, params string[] names) =>
        Array.ConvertAll(names, name => $"Waffle.WebSockets.{space}.{name}");
}
