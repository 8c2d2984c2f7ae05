using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Samples.Chat;

public sealed class PeopleTests : ChatScene
{
    [Fact]
    public async Task Two_tabs_of_one_user_count_once()
    {
        await using var alice = await EnterAsync("alice");
        await using var first = await EnterAsync("bob");
        await using var second = await ConnectAsync("bob");
        var state = await second.ReceiveEventAsync<RoomState>("room_state");

        Assert.Equal(["alice", "bob"], state.Users);
        Assert.Equal(["user_joined"], await ReceiveKindsAsync(alice));

        await first.CloseAsync();
        await SayAsync(second, "general", "still here");
        Assert.Equal(["chat"], await ReceiveKindsAsync(alice));

        await second.CloseAsync();
        Assert.Equal(new RoomUser("general", "bob"), await alice.ReceiveEventAsync<RoomUser>("user_left"));
        await alice.ReceiveNothingAsync();
    }

    [Fact]
    public async Task A_tab_that_leaves_a_room_leaves_it_to_the_users_other_tabs()
    {
        await using var alice = await EnterAsync("alice");
        await using var first = await EnterAsync("bob");
        await using var second = await EnterAsync("bob");
        await JoinAsync(alice, "tea");
        await JoinAsync(first, "tea");
        await JoinAsync(second, "tea");
        await alice.ReceiveAllAsync();
        await first.ReceiveAllAsync();

        await LeaveAsync(first, "tea");
        await SayAsync(second, "tea", "one tab is enough");
        Assert.Equal(["chat"], await ReceiveKindsAsync(alice));
        await first.ReceiveNothingAsync();

        await LeaveAsync(second, "tea");
        Assert.Equal(new RoomUser("tea", "bob"), await alice.ReceiveEventAsync<RoomUser>("user_left"));
    }

    [Fact]
    public async Task Who_is_gone_without_a_word_has_left_all_rooms()
    {
        await using var alice = await EnterAsync("alice");
        await using var bob = await EnterAsync("bob");
        await JoinAsync(bob, "tea");
        await JoinAsync(alice, "tea");
        await alice.ReceiveAllAsync();

        bob.Abort();
        await bob.WaitUntilLeftAsync();

        var left = new[] { await alice.ReceiveEventAsync<RoomUser>("user_left"), await alice.ReceiveEventAsync<RoomUser>("user_left") };
        Assert.Equal([new("general", "bob"), new("tea", "bob")], left.OrderBy(user => user.Room));
        await alice.ReceiveNothingAsync();
        Assert.Equal("""[{"name":"general","users":1},{"name":"tea","users":1}]""", await ListRoomsAsync(alice));
    }

    [Fact]
    public async Task Without_a_name_one_is_anonymous()
    {
        await using var nobody = await ConnectAsync(user: null);

        Assert.Equal(["anonymous"], (await nobody.ReceiveEventAsync<RoomState>("room_state")).Users);
    }
}
