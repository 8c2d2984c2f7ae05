namespace Waffle.WebSockets.Testing.Client;

/// <summary>What the reader tells its client, in the order in which it came.</summary>
internal interface IClientReaderOwner
{
    void OnMessage(WebSocketTestMessage message);

    void OnPing(byte[] payload);

    void OnPong(byte[] payload);

    void OnClose(CloseCode code, string reason);

    /// <summary>Nothing more comes.</summary>
    /// <param name="error">What ended it; <see langword="null"/>: the server ended the stream.</param>
    void OnEnd(Exception? error);
}
