using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Offers as a header.</summary>
internal static class ExtensionText
{
    /// <summary>Writes offers; every second value in quotes, with a backslash.</summary>
    public static string Write(IEnumerable<ExtensionOffer> offers) =>
        string.Join(", ", offers.Select(offer => string.Join("; ", offer.Parameters.Select(Write).Prepend(offer.Name))));

    private static string Write(ExtensionParameter parameter, int index) => parameter.Value is null
        ? parameter.Name
        : index % 2 == 0 ? $"{parameter.Name}={parameter.Value}" : $"{parameter.Name} = \"\\{parameter.Value}\"";
}
