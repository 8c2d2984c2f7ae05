using System.Text.Unicode;

namespace Waffle.WebSockets.Protocol;

/// <summary>Validates UTF-8 that arrives in pieces (RFC 6455 8.1, RFC 3629 4) and fails at the first impossible byte.</summary>
internal struct Utf8Validator
{
    private const int LongestSequence = 4;

    // Of a character that a piece has cut: how many bytes are missing, and which values the next one may have.
    private int _missing;
    private byte _lowest;
    private byte _highest;

    /// <summary>Whether what was appended ends with a whole character.</summary>
    public readonly bool IsComplete => _missing == 0;

    /// <summary>Takes the next piece; <see langword="false"/> once the text can no longer become valid.</summary>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        while (_missing > 0 && !bytes.IsEmpty)
        {
            if (!AppendContinuation(bytes[0]))
            {
                return false;
            }

            bytes = bytes[1..];
        }

        var cut = FindCutCharacter(bytes);
        if (!Utf8.IsValid(bytes[..cut]))
        {
            return false;
        }

        foreach (var value in bytes[cut..])
        {
            if (!(_missing == 0 ? AppendFirst(value) : AppendContinuation(value)))
            {
                return false;
            }
        }

        return true;
    }

    // Where a character starts that needs more bytes than there are, or the length.
    private static int FindCutCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back < LongestSequence && back <= bytes.Length; back++)
        {
            var value = bytes[^back];
            if (value < 0x80)
            {
                break;
            }

            if (value >= 0xC0)
            {
                return SequenceLength(value) > back ? bytes.Length - back : bytes.Length;
            }
        }

        return bytes.Length;
    }

    private static int SequenceLength(byte first) => first switch
    {
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    // RFC 3629 4: the second byte's range depends on the first, which rules out overlong forms, surrogates and all above U+10FFFF.
    private bool AppendFirst(byte value)
    {
        (_missing, _lowest, _highest) = value switch
        {
            < 0x80 => (0, (byte)0x80, (byte)0xBF),
            >= 0xC2 and <= 0xDF => (1, (byte)0x80, (byte)0xBF),
            0xE0 => (2, (byte)0xA0, (byte)0xBF),
            0xED => (2, (byte)0x80, (byte)0x9F),
            >= 0xE1 and <= 0xEF => (2, (byte)0x80, (byte)0xBF),
            0xF0 => (3, (byte)0x90, (byte)0xBF),
            >= 0xF1 and <= 0xF3 => (3, (byte)0x80, (byte)0xBF),
            0xF4 => (3, (byte)0x80, (byte)0x8F),
            _ => (-1, (byte)0, (byte)0),
        };
        return _missing >= 0;
    }

    private bool AppendContinuation(byte value)
    {
        if (value < _lowest || value > _highest)
        {
            return false;
        }

        _missing--;
        (_lowest, _highest) = (0x80, 0xBF);
        return true;
    }
}
