using System.Text;

namespace Waffle.WebSockets.Hubs;

/// <summary>What a room's name or a client's id may be: not empty, not too long, printable. Names are compared ordinally.</summary>
internal static class HubName
{
    public static bool IsValid(string name, int maxLength)
    {
        if (name.Length == 0 || name.Length > maxLength || Encoding.UTF8.GetByteCount(name) > maxLength)
        {
            return false;
        }

        foreach (var character in name)
        {
            if (char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }
}
