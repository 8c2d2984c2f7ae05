using System.Xml.Linq;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>The examples in the comments of the libraries' members, as the packages deliver them.</summary>
internal static class XmlExamples
{
    public static List<CodeBlock> Read()
    {
        return
        [
            .. from library in Libraries.All
               let file = Path.ChangeExtension(library.Location, ".xml")
               from member in XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")
               let codes = member.Elements("example").Descendants("code").ToList()
               from code in codes
               let number = codes.Count > 1 ? $" {codes.IndexOf(code) + 1}" : string.Empty
               select new CodeBlock($"{member.Attribute("name")!.Value[2..]}{number}", 0, "csharp", Unindent(code.Value)),
        ];
    }

    // The compiler takes out what all lines of a comment share, but not always all.
    private static string Unindent(string code)
    {
        var lines = code.Trim('\r', '\n', ' ').ReplaceLineEndings("\n").Split('\n');
        var indent = lines.Skip(1).Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select((line, i) => i == 0 ? line : line[Math.Min(indent, line.Length)..]));
    }
}
