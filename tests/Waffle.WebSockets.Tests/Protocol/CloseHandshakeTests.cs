using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Tests.Protocol;

public class CloseHandshakeTests
{
    private const int LongestWalk = 6;

    private static readonly CloseInput[] _inputs = Enum.GetValues<CloseInput>();

    // Columns as in CloseInput: CloseRequested, Failed, CloseReceived, CloseWritten, InputEnded, TransportEnded. A dash: nothing happens.
    private static readonly Dictionary<CloseState, string[]> _table = new()
    {
        [CloseState.Open] = ["Closing SendClose", "Failing SendCloseNow", "Replying SendClose", "-", "Closed End", "Closed End"],
        [CloseState.Closing] = ["-", "Failing None", "Replying None", "CloseSent None", "Replying None", "Closed End"],
        [CloseState.CloseSent] = ["-", "Closed End", "Closed End", "-", "Closed End", "Closed End"],
        [CloseState.Replying] = ["-", "-", "-", "Closed End", "-", "Closed End"],
        [CloseState.Failing] = ["-", "-", "-", "Closed End", "-", "Closed End"],
        [CloseState.Closed] = ["-", "-", "-", "-", "-", "-"],
    };

    [Fact]
    public void Every_input_in_every_state_does_what_the_table_says()
    {
        foreach (var state in Enum.GetValues<CloseState>())
        {
            for (var i = 0; i < _inputs.Length; i++)
            {
                var (next, action) = CloseHandshake.Next(state, _inputs[i]);
                var expected = _table[state][i] == "-" ? $"{state} None" : _table[state][i];
                Assert.Equal($"{state}, {_inputs[i]}: {expected}", $"{state}, {_inputs[i]}: {next} {action}");
            }
        }
    }

    [Fact]
    public void Messages_may_be_sent_while_open_only() =>
        Assert.All(Enum.GetValues<CloseState>(), state => Assert.Equal(state == CloseState.Open, CloseHandshake.MaySend(state)));

    [Fact]
    public void On_any_path_one_Close_goes_out_at_most_and_the_connection_ends_once_at_most()
    {
        var walks = 0;
        Walk(CloseState.Open, [], [], walk =>
        {
            walks++;
            Assert.True(walk.Actions.Count(action => action is CloseAction.SendClose or CloseAction.SendCloseNow) <= 1, walk.Description);
            Assert.True(walk.Actions.Count(action => action == CloseAction.End) <= 1, walk.Description);
            Assert.Equal(walk.State == CloseState.Closed, walk.Actions.Contains(CloseAction.End));

            // Nothing is done after the end.
            var end = walk.Actions.IndexOf(CloseAction.End);
            Assert.All(walk.Actions.Skip(end < 0 ? walk.Actions.Count : end + 1), action => Assert.Equal(CloseAction.None, action));
        });
        Assert.Equal(55_986, walks);
    }

    [Fact]
    public void The_connection_ends_before_our_Close_was_written_only_with_the_transport()
    {
        Walk(CloseState.Open, [], [], walk =>
        {
            var end = walk.Actions.IndexOf(CloseAction.End);
            var isOurs = end >= 0 && walk.Inputs[end] is not (CloseInput.TransportEnded or CloseInput.InputEnded);
            Assert.True(!isOurs || WasWritten(walk, end), walk.Description);
        });

        static bool WasWritten((CloseState State, List<CloseInput> Inputs, List<CloseAction> Actions, string Description) walk, int end)
        {
            var asked = walk.Actions.FindIndex(action => action is CloseAction.SendClose or CloseAction.SendCloseNow);
            return asked >= 0 && walk.Inputs.Take(end + 1).Skip(asked + 1).Contains(CloseInput.CloseWritten);
        }
    }

    [Fact]
    public void From_every_state_the_end_of_the_transport_ends_the_connection()
    {
        Assert.All(Enum.GetValues<CloseState>(), state =>
            Assert.Equal(CloseState.Closed, CloseHandshake.Next(state, CloseInput.TransportEnded).State));
    }

    // Visits every sequence of 1 to LongestWalk inputs.
    private static void Walk(
        CloseState state,
        List<CloseInput> inputs,
        List<CloseAction> actions,
        Action<(CloseState State, List<CloseInput> Inputs, List<CloseAction> Actions, string Description)> visit)
    {
        if (inputs.Count == LongestWalk)
        {
            return;
        }

        foreach (var input in _inputs)
        {
            var (next, action) = CloseHandshake.Next(state, input);
            List<CloseInput> nextInputs = [.. inputs, input];
            List<CloseAction> nextActions = [.. actions, action];
            visit((next, nextInputs, nextActions, string.Join(", ", nextInputs)));
            Walk(next, nextInputs, nextActions, visit);
        }
    }
}
