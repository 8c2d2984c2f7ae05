using System.Text.Json;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Hubs;

/// <summary>Tells members of this server that messages may be missing.</summary>
internal static class GapNotice
{
    public static void Send(WebSocketHub hub, string name, HubGap gap)
    {
        if (gap.IsHub)
        {
            Send(new MemberGroups(hub.Everybody), name, gap, room: null);
        }

        foreach (var room in gap.Rooms)
        {
            Send(new MemberGroups(hub.RoomTable.Find(room)), name, gap, room);
        }

        foreach (var user in gap.Users)
        {
            Send(new MemberGroups(hub.Users.Find(user)), name, gap, room: null);
        }
    }

    private static void Send(in MemberGroups groups, string name, HubGap gap, string? room)
    {
        var frame = OutboundFrame.Rent();
        try
        {
            MessageJson.WriteEvent(frame, name, ToJson(gap, room));
            frame.Seal(Opcode.Text);
            FanOut.Send(groups, frame, default, publication: default);
        }
        finally
        {
            frame.Release();
        }
    }

    private static RawJson ToJson(HubGap gap, string? room)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("cause", JsonNamingPolicy.SnakeCaseLower.ConvertName(gap.Cause.ToString()));
            if (room is not null)
            {
                writer.WriteString("room", room);
            }

            if (gap.Missing is { } missing)
            {
                writer.WriteNumber("missing", missing);
            }

            writer.WriteEndObject();
        }

        return RawJson.Parse(json.WrittenMemory);
    }
}
