namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Code that is given arbitrary bytes, and what must hold whatever they are.</summary>
internal interface IFuzzTarget
{
    /// <summary>The name on the command line, and of the folders of its inputs.</summary>
    string Name { get; }

    /// <summary>Pieces that mean something to the code, for the mutator to put in.</summary>
    IReadOnlyList<byte[]> Dictionary { get; }

    /// <summary>The types of the library whose blocks count as this target's: their full names begin so.</summary>
    IReadOnlyList<string> Covers { get; }

    /// <summary>The longest input.</summary>
    int MaxLength { get; }

    /// <summary>How many blocks of the library may be entered for each byte: the work is linear, or it is a failure.</summary>
    int StepsPerByte { get; }

    /// <summary>Runs the code once and checks its results.</summary>
    /// <returns>How many bytes the library was given, or gave: what its work may be in proportion to.</returns>
    /// <exception cref="FuzzFailure">A result is wrong. So is any other exception.</exception>
    long Run(ReadOnlySpan<byte> input);
}
