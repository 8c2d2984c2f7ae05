namespace Waffle.WebSockets.Backplane;

/// <summary>Messages of other servers may be missing.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Scopes">Where.</param>
/// <param name="Missing">How many, if that is known.</param>
/// <param name="Server">Whose, if that is known.</param>
internal sealed record GapReport(GapCause Cause, IReadOnlyList<ChannelScope> Scopes, long? Missing, Guid? Server);
