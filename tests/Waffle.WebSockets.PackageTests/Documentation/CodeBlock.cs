namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>A block of code in the documentation.</summary>
/// <param name="Source">The page, or the member whose comment it stands in.</param>
/// <param name="Line">The first line of the code in the page.</param>
/// <param name="Language">What stands behind the fence, such as csharp.</param>
/// <param name="Text">The code.</param>
/// <param name="Previous">The block that this one continues: what that declares is in scope here.</param>
internal sealed record CodeBlock(string Source, int Line, string Language, string Text, CodeBlock? Previous = null)
{
    public string Name => Line > 0 ? $"{Source}:{Line}" : Source;
}
