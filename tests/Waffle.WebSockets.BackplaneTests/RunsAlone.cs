namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Tests that look at something the whole process shares, such as its memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
