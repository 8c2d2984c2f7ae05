using Waffle.WebSockets.Bench.Load.Results;

namespace Waffle.WebSockets.BenchTests.Results;

public sealed class MarkdownTableTests
{
    [Fact]
    public void The_first_column_is_text_and_the_others_are_figures()
    {
        var table = new MarkdownTable("server", "n=1", "n=2");
        table.Add("floor", "1.0", "2.0");
        table.Add("a|b", "", "3.0");

        Assert.Equal("| server | n=1 | n=2 |\n| --- | --: | --: |\n| floor | 1.0 | 2.0 |\n| a\\|b |  | 3.0 |\n", table.ToString());
    }

    [Fact]
    public void A_row_has_as_many_cells_as_there_are_columns()
    {
        Assert.Throws<ArgumentException>(() => new MarkdownTable("server", "n=1").Add("floor"));
    }

    [Fact]
    public void The_same_note_has_the_same_mark()
    {
        var notes = new Footnotes();

        Assert.Equal("[1]", notes.Mark("lost"));
        Assert.Equal("[2]", notes.Mark("doubled"));
        Assert.Equal("[1]", notes.Mark("lost"));
        Assert.Equal("- [1] lost\n- [2] doubled\n", notes.ToString());
    }
}
