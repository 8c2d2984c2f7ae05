using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat;

/// <summary>How the messages are read and written without reflection, so that the sample can be published with Native AOT.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChatText))]
[JsonSerializable(typeof(RoomName))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(RoomUser))]
[JsonSerializable(typeof(RoomState))]
[JsonSerializable(typeof(RoomList))]
[JsonSerializable(typeof(RoomPeople))]
internal sealed partial class ChatJson : JsonSerializerContext;
