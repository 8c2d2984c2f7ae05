using System.Security.Cryptography;

namespace Waffle.WebSockets.Connections;

/// <summary>Names for connections: unique in the process, and in practice among servers, for each starts at a random number.</summary>
internal static class ConnectionId
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private const int BitsPerDigit = 5;
    private const int Length = 13;

    private static long _last = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public static string Next() => string.Create(Length, (ulong)Interlocked.Increment(ref _last), static (digits, number) =>
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(number & (1 << BitsPerDigit) - 1)];
            number >>= BitsPerDigit;
        }
    });
}
