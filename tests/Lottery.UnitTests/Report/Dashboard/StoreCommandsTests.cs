using Lottery.Report.Dashboard;
using Lottery.Studies.Settings;

namespace Lottery.UnitTests.Report.Dashboard;

public class StoreCommandsTests
{
    private static readonly StoreCommands Commands = new("./lottery", "my store");

    [Fact]
    public void Commands_name_the_program_and_the_store()
    {
        Assert.Equal("./lottery quickstart --store 'my store'", Commands.Quickstart);
        Assert.Equal("./lottery runs discard aaaaaaaaaa bbbbbbbbbb --store 'my store'", Commands.Discard([new('a', 64), new('b', 64)]));
        Assert.Equal("./lottery report criteria -o report.html --store 'my store'", Commands.Report("criteria"));
        Assert.StartsWith("./lottery find --network lenet-300-100 --data mnist", Commands.Repeat(SnapshotOf.Run(3, 2)), StringComparison.Ordinal);
        Assert.Contains(" --seed 3", Commands.Repeat(SnapshotOf.Run(3, 2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-b_c.d/e:1,2=3", "a-b_c.d/e:1,2=3")]
    [InlineData("", "''")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm)", "'$(rm)'")]
    public void Words_are_quoted_where_a_shell_would_read_them_otherwise(string word, string quoted) => Assert.Equal(quoted, ShellCommand.Quote(word));
}
