using Microsoft.Extensions.Options;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Checks the application's defaults for endpoints when it starts.</summary>
internal sealed class EndpointOptionsValidator : IValidateOptions<WebSocketEndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, WebSocketEndpointOptions options)
    {
        var failures = EndpointOptionsRules.Check(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
