using Waffle.WebSockets.PackageTests.Documentation;

namespace Waffle.WebSockets.PackageTests;

/// <summary>With one using of ours every name is still clear in a web project.</summary>
public class PublicNames
{
    [Fact]
    public void No_name_is_one_that_a_web_project_knows_already()
    {
        var uses =
            from assembly in Libraries.All
            from type in assembly.GetExportedTypes()
            where type.Namespace == "Waffle.WebSockets" && !(type.IsAbstract && type.IsSealed)
            let name = type.IsGenericType ? $"{type.Name.Split('`')[0]}<object>" : type.Name
            select $"_ = typeof({name});\n";
        var complaints = ExampleCompiler.Compile(new CodeBlock("names", 1, "csharp", string.Concat(uses))).ToList();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }
}
