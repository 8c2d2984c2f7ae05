using Microsoft.Extensions.Options;
using Waffle.WebSockets.Hubs;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Checks a hub's options when the application starts.</summary>
internal sealed class HubOptionsValidator : IValidateOptions<WebSocketHubOptions>
{
    public ValidateOptionsResult Validate(string? name, WebSocketHubOptions options)
    {
        var failures = HubOptionsRules.Check(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
