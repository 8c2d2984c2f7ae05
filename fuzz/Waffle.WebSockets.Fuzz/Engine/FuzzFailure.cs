namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Something that must always hold did not.</summary>
/// <param name="rule">What should hold: a fixed sentence, by which failures are told apart.</param>
/// <param name="details">What was found instead.</param>
internal sealed class FuzzFailure(string rule, string details = "") : Exception(details.Length == 0 ? rule : $"{rule}\n{details}")
{
    public string Rule => rule;
}
