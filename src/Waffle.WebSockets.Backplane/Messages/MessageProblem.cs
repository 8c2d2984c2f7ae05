namespace Waffle.WebSockets;

/// <summary>What was wrong with a message or an event that could not be understood.</summary>
/// <remarks>More values may be added in later versions. Each has a stable code, see <see cref="MessageFormatException.Code"/>.</remarks>
public enum MessageProblem
{
    /// <summary><c>invalid_json</c>: the text is empty, cut off, not UTF-8 or not JSON; comments and trailing commas are not.</summary>
    InvalidJson,

    /// <summary><c>too_deep</c>: objects and arrays are nested more than 32 levels deep; the message itself is the first level.</summary>
    TooDeep,

    /// <summary><c>not_an_object</c>: the text begins with a JSON value other than an object, such as an array or <c>null</c>.</summary>
    NotAnObject,

    /// <summary><c>trailing_data</c>: something other than white space follows the object.</summary>
    TrailingData,

    /// <summary><c>duplicate_member</c>: a member that has a meaning in the format occurs more than once.</summary>
    DuplicateMember,

    /// <summary><c>missing_type</c>: a message has no <c>type</c> member.</summary>
    MissingType,

    /// <summary><c>invalid_type</c>: the <c>type</c> of a message is not a string, is empty, or holds half a surrogate pair.</summary>
    InvalidType,

    /// <summary><c>type_too_long</c>: the <c>type</c> of a message is longer than 128 bytes of UTF-8.</summary>
    TypeTooLong,

    /// <summary><c>invalid_id</c>: the <c>id</c> of a message is no string (and not <c>null</c>), or holds half a surrogate pair.</summary>
    InvalidId,

    /// <summary><c>id_too_long</c>: the <c>id</c> of a message is longer than 128 bytes of UTF-8.</summary>
    IdTooLong,

    /// <summary><c>missing_name</c>: an event has no <c>name</c> member.</summary>
    MissingName,

    /// <summary><c>invalid_name</c>: the <c>name</c> of an event is not a string, is empty, or holds half a surrogate pair.</summary>
    InvalidName,

    /// <summary><c>name_too_long</c>: the <c>name</c> of an event is longer than 128 bytes of UTF-8.</summary>
    NameTooLong,

    /// <summary><c>invalid_payload</c>: the payload of a message, or the data of an event, is not what the reader asked for.</summary>
    InvalidPayload,
}
