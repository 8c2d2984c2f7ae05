using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>
/// A server to measure: how it is built and started, where its conversations are, and how it wraps a payload. One that takes
/// <c>--port N</c>, listens on 127.0.0.1, prints <c>ready</c> on a line of its own once it accepts connections, and ends on SIGTERM.
/// </summary>
internal abstract class Peer
{
    /// <summary>What it is called on the command line and in the results: lower-case letters, digits and hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, for the table: the library, and how the server was written.</summary>
    public abstract string Description { get; }

    public abstract Dialect Dialect { get; }

    /// <summary>Makes the server ready to start; returns why that is not possible, or null.</summary>
    public abstract Task<string?> BuildAsync(CancellationToken cancellationToken);

    /// <summary>The versions of the library and of what runs it, asked after <see cref="BuildAsync"/> returned null.</summary>
    public abstract Task<string> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>What starts the server: the process itself, and no script around it, for its processor time is what is measured.</summary>
    public abstract Command StartCommand(int port);

    /// <summary>Path and query of the request that opens a connection for a conversation.</summary>
    public abstract string PathFor(Conversation conversation);

    /// <summary>How long it has to be under load, in seconds, until its runtime has compiled for good what is hot.</summary>
    public virtual double SecondsToCompile => 5;

    /// <summary>What makes two servers one. A peer that has one is measured with two servers, which get its arguments in addition.</summary>
    public virtual Engine? Engine => null;

    /// <summary>How many servers it is.</summary>
    public int Servers => Engine is null ? 1 : 2;

    /// <summary>Why the server cannot take part in such a conversation, or null: a table shows it in the place of the figure.</summary>
    public virtual string? WhyNot(Conversation conversation) => null;
}
