using System.Text;

namespace Waffle.WebSockets.Hubs;

/// <summary>What a room's name or a client's id may be: not empty, not too long, printable. Names are compared ordinally.</summary>
internal static class HubName
{
    public static bool IsTooLong(string name, int maxLength) => name.Length > maxLength || Encoding.UTF8.GetByteCount(name) > maxLength;

    public static bool IsValid(string name, int maxLength)
    {
        if (name.Length == 0 || IsTooLong(name, maxLength))
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            // Half a surrogate pair has no UTF-8: such names would fall together on their way to other servers.
            if (i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1]))
            {
                i++;
            }
            else if (char.IsControl(name[i]) || char.IsSurrogate(name[i]))
            {
                return false;
            }
        }

        return true;
    }
}
