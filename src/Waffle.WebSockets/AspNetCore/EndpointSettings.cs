using Microsoft.Extensions.Options;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint's options, checked and made ready for requests.</summary>
internal sealed class EndpointSettings
{
    /// <exception cref="OptionsValidationException">Options have values that are not allowed; each failure names one.</exception>
    public EndpointSettings(WebSocketEndpointOptions options)
    {
        var failures = ConnectionOptionsRules.Check(options).Concat(CheckSubprotocols(options.Subprotocols)).ToList();
        OriginPolicy? origins = null;
        try
        {
            origins = new OriginPolicy(options.AllowedOrigins, options.RequireOrigin, options.DangerouslyAllowAnyOrigin);
        }
        catch (ArgumentException error)
        {
            failures.Add($"{nameof(options.AllowedOrigins)}: {error.Message}");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(options.GetType().Name, options.GetType(), failures);
        }

        Origins = origins!;
        Connection = options.Snapshot();
        Subprotocols = [.. options.Subprotocols];
        AllowsAnyOrigin = options.DangerouslyAllowAnyOrigin;
    }

    public OriginPolicy Origins { get; }

    public WebSocketConnectionOptions Connection { get; }

    public IReadOnlyList<string> Subprotocols { get; }

    public bool AllowsAnyOrigin { get; }

    private static IEnumerable<string> CheckSubprotocols(IList<string> subprotocols)
    {
        for (var i = 0; i < subprotocols.Count; i++)
        {
            if (!HttpToken.IsToken(subprotocols[i]))
            {
                yield return $"Subprotocols has \"{subprotocols[i]}\"; allowed are names of letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 4.1).";
            }
            else if (subprotocols.IndexOf(subprotocols[i]) != i)
            {
                yield return $"Subprotocols has \"{subprotocols[i]}\" twice; allowed is each name once.";
            }
        }
    }
}
