using System.Security.Claims;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>A client that was not authenticated at its handshake is to say in time who it is, where the application asks for that.</summary>
public sealed class SignInTests
{
    private static readonly TimeSpan _tenSeconds = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Who_does_not_sign_in_in_time_is_closed_with_3000()
    {
        using var limits = new CountedLimits();
        await using var pair = Create(limits);
        await pair.Client.SendTextAsync("not a word of who I am");
        await pair.Client.SyncAsync();
        pair.AdvanceToJustBefore(_tenSeconds);
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);

        var close = await pair.Client.ExpectCloseAsync(CloseCode.Unauthorized);
        Assert.Equal((3000, "The client did not sign in in time."), ((int)close.CloseCode!, close.CloseReason));
        Assert.Equal(CloseCause.AuthenticationTimeout, (await pair.Server.Completion.Soon()).Cause);
        Assert.False(pair.Server.SignIn(User("ann")));
        Assert.False(pair.Server.User.Identity!.IsAuthenticated);
        await limits.ExpectOnlyAsync("authentication_timeout");
    }

    [Fact]
    public async Task Who_signs_in_in_time_stays_and_is_the_user_from_then_on()
    {
        using var limits = new CountedLimits();
        await using var pair = Create(limits);
        pair.AdvanceToJustBefore(_tenSeconds);
        Assert.True(pair.Server.SignIn(User("ann")));
        pair.Advance(10 * _tenSeconds);

        Assert.False(pair.Server.IsClosed);
        Assert.Equal("ann", pair.Server.User.Identity!.Name);
        Assert.True(pair.Server.SignIn(User("bob")));
        Assert.Equal("bob", pair.Server.User.Identity!.Name);
        Assert.Empty(limits.Counts);
    }

    [Fact]
    public async Task By_default_nobody_has_to()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        pair.Advance(TimeSpan.FromDays(1));

        Assert.False(pair.Server.IsClosed);
        Assert.True(pair.Server.SignIn(User("ann")));
        Assert.Equal("ann", pair.Server.User.Identity!.Name);
    }

    [Fact]
    public async Task A_user_without_an_authenticated_identity_is_a_mistake_and_changes_nothing()
    {
        await using var pair = Create();

        Assert.Throws<ArgumentException>(() => pair.Server.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")]))));
        Assert.Throws<ArgumentNullException>(() => pair.Server.SignIn(null!));
        pair.Advance(_tenSeconds);
        await pair.Client.ExpectCloseAsync(CloseCode.Unauthorized);
    }

    [Fact]
    public async Task After_the_end_it_is_too_late()
    {
        await using var pair = Create();
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();

        Assert.False(pair.Server.SignIn(User("ann")));
        Assert.False(pair.Server.User.Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task Of_signing_in_and_the_end_of_the_time_at_once_one_wins()
    {
        for (var round = 0; round < 200; round++)
        {
            await using var pair = Create();
            pair.AdvanceToJustBefore(_tenSeconds);
            using var start = new Barrier(2);
            var signIn = Task.Run(() =>
            {
                start.SignalAndWait();
                return pair.Server.SignIn(User("ann"));
            });
            var passing = Task.Run(() =>
            {
                start.SignalAndWait();
                pair.Advance(ConnectionTestExtensions.Tick);
            });
            await passing.Soon();

            var isSignedIn = await signIn.Soon();
            Assert.Equal(isSignedIn, !pair.Server.IsClosed);
            Assert.Equal(isSignedIn, pair.Server.User.Identity!.IsAuthenticated);
        }
    }

    private static ConnectionPair Create(CountedLimits? limits = null) => ConnectionPair.Create(
        o => (o.AuthenticationTimeout, o.PingInterval) = (_tenSeconds, TimeSpan.Zero), limits: limits);

    private static ClaimsPrincipal User(string name) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
}
