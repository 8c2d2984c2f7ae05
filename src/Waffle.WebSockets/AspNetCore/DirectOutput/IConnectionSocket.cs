using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>The socket of a connection, of which it can be told how far it has come.</summary>
internal interface IConnectionSocket : ISocket
{
    /// <summary>How far it has come, by whomever; <see langword="null"/> if the kernel does not tell.</summary>
    KernelProgress? Progress { get; }
}
