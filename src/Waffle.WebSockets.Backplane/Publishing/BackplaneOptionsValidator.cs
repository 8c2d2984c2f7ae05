using Microsoft.Extensions.Options;

namespace Waffle.WebSockets.Backplane;

internal sealed class BackplaneOptionsValidator : IValidateOptions<BackplaneOptions>
{
    public ValidateOptionsResult Validate(string? name, BackplaneOptions options) =>
        BackplaneOptionsRules.FindProblem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}
