namespace Waffle.WebSockets.Backplane;

/// <summary>What became of publications, to be counted where no lock is held.</summary>
/// <param name="Accepted">How many were taken.</param>
/// <param name="Refused">How many were not.</param>
/// <param name="Refusal">Why the last of these was not.</param>
internal readonly record struct PublishOutcome(int Accepted, int Refused, PublishRefusal Refusal)
{
    public PublishStatus Status => Refused > 0 ? PublishStatus.Failed : Accepted > 0 ? PublishStatus.Accepted : PublishStatus.None;

    public PublishOutcome With(PublishRefusal? refusal) => refusal is { } why
        ? this with { Refused = Refused + 1, Refusal = why }
        : this with { Accepted = Accepted + 1 };
}
