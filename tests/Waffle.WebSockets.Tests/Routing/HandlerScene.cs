using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Services of which a journal keeps what became of them.</summary>
internal static class HandlerScene
{
    /// <summary>Services with a <see cref="Journal"/>, and a <see cref="Unit"/> for each scope.</summary>
    public static ServiceProvider Build(Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection().AddSingleton<Journal>().AddScoped<Unit>().AddScoped<Companion>();
        add?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>What has happened, in order.</summary>
    internal sealed class Journal
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private int _last;

        public IReadOnlyCollection<string> Lines => _lines;

        public void Write(string line) => _lines.Enqueue(line);

        public int NextNumber() => Interlocked.Increment(ref _last);
    }

    /// <summary>What there is once in each scope.</summary>
    internal sealed class Unit(Journal journal) : IDisposable
    {
        public int Number { get; } = journal.NextNumber();

        public void Dispose() => journal.Write($"unit {Number} disposed");
    }

    /// <summary>Another service of the same scope.</summary>
    internal sealed class Companion(Unit unit)
    {
        public Unit Unit { get; } = unit;
    }
}
