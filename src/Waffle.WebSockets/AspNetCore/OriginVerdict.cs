using System.Diagnostics.CodeAnalysis;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>What <see cref="OriginPolicy"/> says about a request; the default value allows it.</summary>
/// <param name="Refusal">The HTTP answer to give, or null if the request is allowed.</param>
internal readonly record struct OriginVerdict(HandshakeRefusal? Refusal)
{
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAllowed => Refusal is null;
}
