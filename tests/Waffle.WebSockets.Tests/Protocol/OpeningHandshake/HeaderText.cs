using CsCheck;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

/// <summary>Header lines as a hostile client may send them: mostly the characters that mean something to a parser.</summary>
internal static class HeaderText
{
    public static Gen<string> Line { get; } = Gen.Frequency(
        (8, Gen.Char["ab1,;=\"\\ \t"]),
        (1, Gen.Char[":/*.[]@?#"]),
        (1, Gen.Char)).Array[0, 60].Select(characters => new string(characters));

    /// <summary>Text of the given characters.</summary>
    public static Gen<string> Of(string characters, int minLength, int maxLength) =>
        Gen.Char[characters].Array[minLength, maxLength].Select(array => new string(array));

    public static Gen<string[]> Lines { get; } = Line.Array[0, 4];
}
