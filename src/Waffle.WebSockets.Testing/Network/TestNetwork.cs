using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Waffle.WebSockets.Testing.Network;

namespace Waffle.WebSockets.Testing;

/// <summary>What lies between a test client and the server: nothing at first, and whatever the test makes of it.</summary>
/// <remarks>
/// Each direction holds <see cref="WebSocketTestClientOptions.BufferSize"/> bytes that have not arrived, as an operating system does. What
/// the methods change holds for both directions; <see cref="ToServer"/> and <see cref="ToClient"/> are for one alone. Safe to use from any
/// thread.
/// </remarks>
/// <example>
/// A client that is there and does not read:
/// <code>
/// using Waffle.WebSockets.Testing;
///
/// await using var slow = await hub.ConnectTestClientAsync(router);
/// slow.Network.ToClient.Stall();
/// await hub.BroadcastTextAsync(new string('x', 2_000_000));
/// slow.Network.ToClient.Resume();
/// </code>
/// </example>
public sealed class TestNetwork
{
    internal TestNetwork(TimeProvider time, int bufferSize)
    {
        Time = time;
        ToServer = new TestNetworkPath(time, bufferSize);
        ToClient = new TestNetworkPath(time, bufferSize);
        ServerEnd = new DuplexPipe(ToServer.Input, ToClient.Output);
        _ = ToServer.RunAsync();
        _ = ToClient.RunAsync();
    }

    /// <summary>What the client sends.</summary>
    public TestNetworkPath ToServer { get; }

    /// <summary>What the server sends.</summary>
    public TestNetworkPath ToClient { get; }

    /// <summary>The clock that delays run by.</summary>
    internal TimeProvider Time { get; }

    internal IDuplexPipe ServerEnd { get; }

    /// <summary>Called once the client can't be reached any more.</summary>
    internal Action<CloseInfo>? OnClientGone { get; set; }

    /// <summary>Called when the server learns at once that the client is gone.</summary>
    internal Action? OnReset { get; set; }

    /// <inheritdoc cref="TestNetworkPath.Stall"/>
    public void Stall()
    {
        ToServer.Stall();
        ToClient.Stall();
    }

    /// <inheritdoc cref="TestNetworkPath.Resume"/>
    public void Resume()
    {
        ToServer.Resume();
        ToClient.Resume();
    }

    /// <inheritdoc cref="TestNetworkPath.Delay(TimeSpan)"/>
    public void Delay(TimeSpan delay)
    {
        ToServer.Delay(delay);
        ToClient.Delay(delay);
    }

    /// <inheritdoc cref="TestNetworkPath.Split(int)"/>
    public void Split(int bytes)
    {
        ToServer.Split(bytes);
        ToClient.Split(bytes);
    }

    /// <summary>
    /// Lets the client vanish, as when its cable is pulled: the server is told nothing, and finds out by its heartbeat. The client itself
    /// ends at once; it can't come back.
    /// </summary>
    public void Cut()
    {
        ToServer.Cut();
        ToClient.Cut();
        OnClientGone?.Invoke(new CloseInfo(CloseCode.AbnormalClosure, "The network was cut.", CloseCause.Aborted));
    }

    /// <summary>The client ends the connection without a Close, and the server learns it at once.</summary>
    internal void Reset()
    {
        ToServer.Break(new ConnectionResetException("The test client has reset the connection."));
        ToClient.Break(error: null);
        OnReset?.Invoke();
        OnClientGone?.Invoke(new CloseInfo(CloseCode.AbnormalClosure, string.Empty, CloseCause.Aborted));
    }

    /// <summary>The server ends the connection; what is under way is lost.</summary>
    internal void AbortByServer()
    {
        ToServer.Break(new ConnectionAbortedException("The server has aborted the connection."));
        ToClient.Break(new ConnectionResetException("The server has reset the connection."));
    }

    /// <summary>The server is done with the connection: it reads no more, and what it has sent is followed by the end.</summary>
    internal void EndByServer()
    {
        ToServer.Break(error: null);
        ToClient.Output.Complete();
    }
}
