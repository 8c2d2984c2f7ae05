using System.Text;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Backplane;

/// <summary>The order to close connections.</summary>
/// <param name="Code">The close code, which tells clients whether to come back.</param>
/// <param name="Reason">The reason.</param>
internal readonly record struct DisconnectOrder(CloseCode Code, string Reason)
{
    public void Write(EnvelopeWriter writer)
    {
        writer.WriteUInt16((ushort)Code);
        writer.WriteText(Reason);
    }

    public static bool TryRead(ref EnvelopeReader reader, out DisconnectOrder order)
    {
        order = new DisconnectOrder((CloseCode)reader.ReadUInt16(), reader.ReadText());
        return reader.IsAtEnd && CloseRules.MayBeSent(order.Code) && Encoding.UTF8.GetByteCount(order.Reason) <= CloseRules.MaxReasonLength;
    }
}
