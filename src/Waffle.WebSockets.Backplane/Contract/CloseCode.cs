namespace Waffle.WebSockets;

/// <summary>Why a connection is closed: the status code of a Close frame (RFC 6455 7.4), named as in IANA's registry.</summary>
/// <remarks>
/// Codes from 3000 to 3999 are for libraries and frameworks, 4000 to 4999 for applications: cast those without a name here, as in <c>(CloseCode)4001</c>.
/// <see cref="NoStatusReceived"/>, <see cref="AbnormalClosure"/> and <see cref="TlsHandshake"/> only describe an end; they are never sent.
/// </remarks>
#pragma warning disable CA1008 // No close code has the value 0 (RFC 6455 7.4.2).
public enum CloseCode : ushort
#pragma warning restore CA1008
{
    /// <summary>The purpose of the connection is fulfilled.</summary>
    NormalClosure = 1000,

    /// <summary>The endpoint goes away: a server stops, a page is left.</summary>
    GoingAway = 1001,

    /// <summary>The peer broke a rule of the protocol.</summary>
    ProtocolError = 1002,

    /// <summary>The peer sent a kind of data that this endpoint can't use.</summary>
    UnsupportedData = 1003,

    /// <summary>The peer's Close carried no code. Never sent.</summary>
    NoStatusReceived = 1005,

    /// <summary>The connection was lost without a Close. Never sent.</summary>
    AbnormalClosure = 1006,

    /// <summary>A message's data does not fit its kind, such as text that is not UTF-8.</summary>
    InvalidFramePayloadData = 1007,

    /// <summary>A message broke a rule of the application or a limit.</summary>
    PolicyViolation = 1008,

    /// <summary>A message is larger than the receiver accepts.</summary>
    MessageTooBig = 1009,

    /// <summary>The server did not agree to an extension that the client needs.</summary>
    MandatoryExtension = 1010,

    /// <summary>The endpoint met a condition that it did not expect.</summary>
    InternalError = 1011,

    /// <summary>The service restarts; a client may come back.</summary>
    ServiceRestart = 1012,

    /// <summary>The service can't go on with this client now; it may come back later.</summary>
    TryAgainLater = 1013,

    /// <summary>A gateway got no valid answer from the server behind it.</summary>
    BadGateway = 1014,

    /// <summary>The TLS handshake failed. Never sent.</summary>
    TlsHandshake = 1015,

    /// <summary>The client did not authenticate itself; it may come back when it can.</summary>
    Unauthorized = 3000,
}
