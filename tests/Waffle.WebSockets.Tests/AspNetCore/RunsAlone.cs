namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Tests that look at something the whole process shares: unobserved exceptions, memory, open sockets.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
