using Lottery.Cli;
using Lottery.Cli.Output;

namespace Lottery.UnitTests.Cli;

public sealed class HintsTests
{
    [Theory]
    [InlineData("runs list", "see `./lottery runs list`.")]
    [InlineData("runs list --store other", "see `./lottery runs list --store other`.")]
    [InlineData("runs list --store .lottery", "see `./lottery runs list --store .lottery`.")]
    [InlineData("network list", "see `./lottery runs list`.")]
    public void Commands_in_back_quotes_have_the_name_and_the_store_that_are_used(string typed, string sentence) =>
        Assert.Equal(sentence, Of(typed).In("see `lottery runs list`."));

    [Fact]
    public void A_store_is_named_only_where_it_is_taken()
    {
        Hints hints = Of("runs list --store", "my store");
        Assert.Equal("`./lottery data get mnist` and `./lottery find --network x --store 'my store'`", hints.In("`lottery data get mnist` and `lottery find --network x`"));
        Assert.Equal("./lottery find --store y", hints.Line("lottery find --store y"));
        Assert.Equal("./lottery runs rm --help", hints.Line("lottery runs rm --help"));
    }

    [Theory]
    [InlineData("lottery", "lottery", "lottery")]
    [InlineData("/opt/tools/lottery", "/x/Lottery.Cli.dll", "lottery")]
    [InlineData("/usr/bin/dotnet", "/x/Lottery.Cli.dll", "dotnet /x/Lottery.Cli.dll")]
    [InlineData("/x/y z/Lottery.Cli", "/x/y z/Lottery.Cli.dll", "'/x/y z/Lottery.Cli'")]
    public void Without_a_launcher_the_file_that_was_started_is_named(string process, string assembly, string name) =>
        Assert.Equal(name, Hints.Started(process, assembly));

    [Fact]
    public void A_long_command_goes_on_after_a_backslash()
    {
        string[] lines = [.. CommandText.Lines("./lottery find --network lenet-300-100 --data mnist --criterion \"abs(wf) - abs(wi)\" --levels 12", 44)];
        Assert.Equal(
            [
                "./lottery find --network lenet-300-100 \\", "    --data mnist \\", "    --criterion \"abs(wf) - abs(wi)\" \\", "    --levels 12",
            ], lines);
        Assert.Equal(["./lottery x"], CommandText.Lines("./lottery x", null));
    }

    private static Hints Of(params string[] typed)
    {
        using var terminal = new Terminal(TextWriter.Null, TextWriter.Null) { Hints = new("./lottery") };
        terminal.Hints.Use(CommandLine.Parse(CommandLine.Root(terminal), [.. typed.SelectMany((word, i) => i == 0 ? word.Split(' ') : [word])]));
        return terminal.Hints;
    }
}
