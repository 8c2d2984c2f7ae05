using System.Text;
using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>What the server writes before a WebSocket's first frame.</summary>
internal static class ResponseHead
{
    private const int LineEndLength = 2;
    private const int SeparatorLength = 2;
    private const int StatusLineLength = 34;

    /// <summary>How long the head of a 101 is, in bytes, once it is begun: its status line, a line for each value of a header, and an empty one (RFC 9112 2.1).</summary>
    /// <returns><see langword="null"/> if a header has other characters than those of ASCII, which the server may write in several ways.</returns>
    public static int? LengthOf(HttpResponse response)
    {
        var length = StatusLineLength + LineEndLength;
        foreach (var (name, values) in response.Headers)
        {
            foreach (var value in values)
            {
                if (!Ascii.IsValid(value))
                {
                    return null;
                }

                length += name.Length + SeparatorLength + (value?.Length ?? 0) + LineEndLength;
            }
        }

        return length;
    }
}
