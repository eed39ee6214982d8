using Lottery.Cli.Output;

namespace Lottery.UnitTests.Cli;

public sealed class FailureTests
{
    [Fact]
    public void A_failure_keeps_to_one_line_and_its_exit_code()
    {
        Assert.Equal((2, "lottery: That was wrong.\n"), Tell(new UserException("That was wrong.")));
        Assert.Equal((1, "lottery: The disk is full.\n"), Tell(new WorkFailedException("The disk is full.")));
        Assert.Equal((1, "lottery: One two.\n"), Tell(new IOException("One\ntwo.")));
        Assert.Equal((130, "lottery: stopped.\n"), Tell(new OperationCanceledException()));
        Assert.Equal((130, "lottery: stopped; resume it.\n"), Tell(new StoppedException("stopped; resume it.")));
        Assert.Equal((1, "lottery: Inside.\n"), Tell(new AggregateException(new WorkFailedException("Inside."))));
    }

    [Fact]
    public void What_was_not_foreseen_says_whose_fault_it_is()
    {
        (int exitCode, string error) = Tell(new InvalidOperationException("No elements."));
        Assert.Equal((1, "lottery: This is a bug in lottery (InvalidOperationException: No elements); run the command again with --debug to see where.\n"), (exitCode, error));
    }

    [Fact]
    public void A_result_that_cannot_be_written_is_an_error()
    {
        using var terminal = new Terminal(new FullDisk(), TextWriter.Null);
        var wrong = Assert.Throws<WorkFailedException>(() => terminal.WriteLine("result"));
        Assert.StartsWith("Standard output cannot be written (No space left): ", wrong.Message);
    }

    [Fact]
    public void Progress_that_cannot_be_written_stops_nothing()
    {
        using var terminal = new Terminal(TextWriter.Null, new FullDisk());
        terminal.Say("progress");
    }

    private static (int ExitCode, string Error) Tell(Exception exception)
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(TextWriter.Null, error);
        return (Failure.Report(exception, terminal, debug: false), error.ToString());
    }

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left.");
    }
}
