namespace Waffle.WebSockets.Protocol;

/// <summary>Which end of the connection we are: a server reads masked frames and sends unmasked ones, a client the other way round.</summary>
internal enum EndpointRole
{
    Server,
    Client,
}
