namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A hub, or a publisher to one, that is being registered; what can be added to it are extensions of this.</summary>
public interface IWebSocketHubBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The key under which the hub, or the publisher, is registered; <see langword="null"/>: without one.</summary>
    string? Key { get; }
}
