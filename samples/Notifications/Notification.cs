namespace Notifications;

/// <summary>What the clients get, as the data of the event <c>notification</c>.</summary>
internal sealed record Notification(string Id, string Title, string Body, DateTimeOffset Timestamp);

/// <summary>What a client gets first, as the data of the event <c>subscribed</c>: the name it has here.</summary>
internal sealed record Subscription(string UserId);

/// <summary>What the sender of a notification is told: how many connections it was for, and what became of it there.</summary>
internal sealed record Delivery(string Id, int Targeted, int Queued, int Dropped, int Closed);
