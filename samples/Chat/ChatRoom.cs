using Waffle.WebSockets;

namespace Chat;

/// <summary>What the sample remembers of a room while somebody of this server is in it: who, with how many tabs, and what was said last.</summary>
internal sealed class ChatRoom(HubRoom room)
{
    private const int KeptMessages = 50;

    private readonly SortedDictionary<string, int> _tabs = new(StringComparer.Ordinal);
    private readonly Queue<ChatMessage> _messages = new();
    private readonly SharedQuestion<ClusterMembers> _everywhere = new(() => room.GetMembersEverywhereAsync());

    /// <summary>Who is here on this server.</summary>
    public IReadOnlyCollection<string> Users => _tabs.Keys;

    public IReadOnlyCollection<ChatMessage> Messages => _messages;

    public bool Has(string user) => _tabs.ContainsKey(user);

    /// <summary>Adds a tab; true if it is the user's first.</summary>
    public bool AddTab(string user) => (_tabs[user] = _tabs.GetValueOrDefault(user) + 1) == 1;

    /// <summary>Removes a tab; true if it was the user's last.</summary>
    public bool RemoveTab(string user) => --_tabs[user] == 0 && _tabs.Remove(user);

    public void Add(ChatMessage message)
    {
        _messages.Enqueue(message);
        if (_messages.Count > KeptMessages)
        {
            _messages.Dequeue();
        }
    }

    /// <summary>Who is here on all servers. Many want to know at once, such as after an outage: they share an answer.</summary>
    public Task<ClusterMembers> AskEverywhereAsync() => _everywhere.AskAsync();
}
