using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

public sealed class RoomTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task A_room_is_created_joined_by_another_talked_in_and_left()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");

        await alice.JoinAsync("tea");
        await Expect(bob.Room("tea")).ToHaveAttributeAsync("data-joined", "false");
        await bob.GoToAsync("tea");
        await Expect(bob.People).ToHaveTextAsync(["bob", "alice"]);
        await bob.SayAsync("Earl Grey?");
        await Expect(alice.Texts).ToHaveTextAsync(["Earl Grey?"]);

        await bob.Get("leave-room").ClickAsync();
        await bob.SeeRoomAsync("general");
        await Expect(bob.Room("tea")).ToHaveAttributeAsync("data-joined", "false");
        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined", "bob left"]);
        await alice.Get("leave-room").ClickAsync();
        await Expect(alice.Room("tea")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_comes_and_goes_is_told_once_whether_the_list_of_people_or_the_event_is_first()
    {
        var alice = await EnterAsync("alice");
        var notices = await alice.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const { Room } = await import('/modules/room.js');
              const room = new Room('tea');
              room.takeSnapshot(['alice'], [], false);
              room.personJoined('bob');
              room.takePeople(['alice', 'bob', 'carol'], false);
              room.personJoined('carol');
              room.takePeople(['alice', 'carol'], false);
              room.personLeft('bob');
              room.personLeft('carol');
              room.takePeople(['alice'], false);
              room.takePeople(['alice', 'dave'], false);
              room.takePeople(['alice', 'dave'], false);
              room.personLeft('dave');
              return room.entries.map(({ user, what }) => `${user} ${what}`);
            }
            """);
        Assert.Equal(["bob joined", "carol joined", "bob left", "carol left", "dave left"], notices);
    }

    [Fact]
    public async Task Messages_in_other_rooms_are_counted_until_they_are_read()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        await alice.JoinAsync("tea");

        await bob.SayAsync("one");
        await bob.SayAsync("two");
        await Expect(alice.Unread("general")).ToHaveTextAsync("2");
        await Expect(alice.Page).ToHaveTitleAsync("(2) #tea · Waffle Chat");
        await Expect(alice.Texts).ToHaveCountAsync(0);

        await alice.GoToAsync("general");
        await Expect(alice.Texts).ToHaveTextAsync(["one", "two"]);
        await Expect(alice.Unread("general")).ToBeHiddenAsync();
        await Expect(alice.Page).ToHaveTitleAsync("#general · Waffle Chat");
    }

    [Fact]
    public async Task What_is_typed_stays_with_its_room()
    {
        var alice = await EnterAsync("alice");

        await alice.Composer.FillAsync("for general");
        await alice.JoinAsync("tea");
        await Expect(alice.Composer).ToHaveValueAsync(string.Empty);
        await alice.GoToAsync("general");

        await Expect(alice.Composer).ToHaveValueAsync("for general");
    }

    [Fact]
    public async Task A_reload_keeps_the_name_the_rooms_and_who_left_general()
    {
        var bob = await EnterAsync("bob");
        var alice = await EnterAsync("alice");
        await alice.JoinAsync("tea");
        await alice.GoToAsync("general");
        await alice.Get("leave-room").ClickAsync();
        await alice.SeeRoomAsync("tea");

        await alice.Page.ReloadAsync();

        await alice.SeeRoomAsync("tea");
        await Expect(alice.Get("me")).ToHaveTextAsync("alice");
        await Expect(alice.Room("general")).ToHaveAttributeAsync("data-joined", "false");
        await Expect(bob.People).ToHaveTextAsync(["bob"]);
        await alice.Get("leave-room").ClickAsync();
        await Expect(alice.Get("empty")).ToContainTextAsync("You are in no room");
        await Expect(alice.Composer).ToBeDisabledAsync();
    }

    [Fact]
    public async Task A_room_that_the_server_refuses_is_explained_where_it_was_asked_for()
    {
        var alice = await EnterAsync("alice");
        await alice.Get("room-input").FillAsync("   ");
        await alice.Get("room-input").PressAsync("Enter");
        await Expect(alice.Get("room-error")).ToHaveTextAsync("Please type a room name.");

        // The page knows the rules for names; of the number of rooms one may be in, "general" among them, only the server knows.
        await alice.Page.EvaluateAsync(
            """
            () => {
              const names = Array.from({ length: 127 }, (_, i) => `room ${i}`);
              sessionStorage.setItem('chat.rooms', JSON.stringify({ names: ['general', ...names], current: 'room 126' }));
            }
            """);
        await alice.Page.ReloadAsync();
        await alice.SeeRoomAsync("room 126");
        await alice.Get("room-input").FillAsync("one too many");
        await alice.Get("room-input").PressAsync("Enter");

        await Expect(alice.Get("room-error")).ToHaveTextAsync("You are in as many rooms as you may be.");
        await Expect(alice.Room("one too many")).ToHaveCountAsync(0);
        await alice.SeeRoomAsync("room 126");
    }

    [Fact]
    public async Task The_timeline_follows_new_messages_only_while_one_is_at_its_end()
    {
        var alice = await EnterAsync("alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        for (var i = 0; i < 40; i++)
        {
            await bob.SayAsync("general", $"message {i}");
        }

        await Expect(alice.Texts.Nth(39)).ToBeInViewportAsync();
        await alice.Page.Locator("#timeline-scroll").EvaluateAsync("scroll => scroll.scrollTop = 0");
        await Expect(alice.Texts.Nth(0)).ToBeInViewportAsync();
        await bob.SayAsync("general", "while reading above");

        await Expect(alice.Get("new-messages")).ToHaveTextAsync("1 new message");
        await Expect(alice.Texts.Nth(40)).Not.ToBeInViewportAsync();
        await alice.Get("new-messages").ClickAsync();
        await Expect(alice.Texts.Nth(40)).ToBeInViewportAsync();
        await Expect(alice.Get("new-messages")).ToBeHiddenAsync();
    }
}
