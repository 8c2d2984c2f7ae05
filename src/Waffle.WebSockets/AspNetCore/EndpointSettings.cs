using Microsoft.Extensions.Options;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint's options, checked and made ready for requests.</summary>
internal sealed class EndpointSettings
{
    /// <exception cref="OptionsValidationException">Options have values that are not allowed; each failure names one.</exception>
    public EndpointSettings(WebSocketEndpointOptions options)
    {
        var failures = EndpointOptionsRules.Check(options).ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(options.GetType().Name, options.GetType(), failures);
        }

        Origins = EndpointOptionsRules.CreateOriginPolicy(options);
        Connection = options.Snapshot();
        Subprotocols = [.. options.Subprotocols];
        Compression = options.Compression;
        CompressionThreshold = options.CompressionThreshold;
        MaxConcurrentHandshakes = options.MaxConcurrentHandshakes;
        HandshakeTimeout = options.HandshakeTimeout;
        MaxConnectionAge = options.MaxConnectionAge;
        DirectSocket = options.DirectSocket;
        AllowsAnyOrigin = options.DangerouslyAllowAnyOrigin;
    }

    public OriginPolicy Origins { get; }

    public WebSocketConnectionOptions Connection { get; }

    public IReadOnlyList<string> Subprotocols { get; }

    public MessageCompression Compression { get; }

    public int CompressionThreshold { get; }

    public int MaxConcurrentHandshakes { get; }

    public TimeSpan HandshakeTimeout { get; }

    public TimeSpan MaxConnectionAge { get; }

    public bool DirectSocket { get; }

    public bool AllowsAnyOrigin { get; }
}
