using Lottery.Gpu.Peers;
using Lottery.SystemTests.Formats;

namespace Lottery.SystemTests.Gpu;

/// <summary><c>./dev gpu</c> asks the first Python that answers, and says in one line why none does.</summary>
public class PeerProgramTests
{
    private const string Answer = """
        import json, sys
        timing = dict(network=sys.argv[2], batch=60, form='eager', replicates=1, milliseconds=1.5, problem=None)
        print(json.dumps(dict(torch='2', cuda=None, device=sys.argv[4], timings=[timing])))
        """;

    [Fact]
    public void The_first_that_answers_times_every_network()
    {
        PeerProgram program = Program(Answer, "no-such-python", "/usr/bin/python3");
        foreach (string network in (string[])["conv-2", "conv-4"])
        {
            PeerDocument document = Assert.IsType<PeerDocument>(program.Time(network));
            Assert.Equal(("cuda:1", new PeerTiming(network, 60, "eager", 1, 1.5, null)), (document.Device, Assert.Single(document.Timings)));
        }
        Assert.Null(program.Refusal);
    }

    [Theory]
    [InlineData("import sys; print('warning\\nno card.', file=sys.stderr); sys.exit(3)", "no card.")]
    [InlineData("import sys; sys.exit(4)", "it ended with code 4")]
    [InlineData("raise ValueError('what')", "ValueError: what")]
    [InlineData("print('?')", "what it printed is no document of times: ")]
    public void Where_none_answers_one_line_says_why(string source, string why)
    {
        PeerProgram program = Program(source, "no-such-python", "/usr/bin/python3");
        Assert.Null(program.Time("conv-2"));
        Assert.StartsWith($"PyTorch is not timed beside Lottery; no-such-python: there is no such program; /usr/bin/python3: {why}", program.Refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', program.Refusal!);
        Assert.Null(program.Time("conv-4"));
    }

    private static PeerProgram Program(string source, params string[] interpreters)
    {
        Assert.SkipUnless(DebianPython.Run("-c", "").Code == 0, "There is no /usr/bin/python3 here.");
        return new(source, interpreters, card: 1);
    }
}
