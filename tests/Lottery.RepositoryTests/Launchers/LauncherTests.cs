using System.Diagnostics;
using System.Globalization;

namespace Lottery.RepositoryTests.Launchers;

/// <summary>The launcher: builds when it must, once, and then is the program.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly FakeTree _tree = new();
    private readonly CancellationTokenSource _late = new(TimeSpan.FromMinutes(1));

    public LauncherTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The launcher is a shell script.");

    public void Dispose()
    {
        _tree.Dispose();
        _late.Dispose();
    }

    [Fact]
    public async Task Builds_once_and_says_so_on_standard_error()
    {
        FakeTree.Outcome first = await _tree.Launch("doctor"), second = await _tree.Launch("doctor");
        Assert.Equal((0, "doctor\n", "building lottery …\n"), (first.ExitCode, first.Output, first.Error));
        Assert.Equal((0, "doctor\n", ""), (second.ExitCode, second.Output, second.Error));
        Assert.Equal(1, _tree.Builds);
    }

    [Fact]
    public async Task The_program_knows_how_it_was_called()
    {
        Assert.Equal($"{_tree.At("lottery")}\ncalled\n", (await _tree.Launch("called")).Output);
        File.CreateSymbolicLink(_tree.At("tools/lottery"), _tree.At("lottery"));
        // The name alone is enough where the folder is on the path.
        Assert.Equal("lottery\ncalled\n", (await _tree.Run(_tree.At("tools/lottery"), "called")).Output);
    }

    [Theory]
    [InlineData("src/Lottery.Cli/Program.cs")]
    [InlineData("src/Lottery/New/File.cs")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    public async Task Builds_again_when_a_source_changes(string file)
    {
        await _tree.Launch();
        _tree.Write(file, "changed");
        await _tree.Launch();
        await _tree.Launch();
        Assert.Equal(2, _tree.Builds);
    }

    [Fact]
    public async Task Builds_again_when_a_source_is_removed()
    {
        _tree.Write("src/Lottery/Old.cs", "");
        await _tree.Launch();
        File.Delete(_tree.At("src/Lottery/Old.cs"));
        await _tree.Launch();
        Assert.Equal(2, _tree.Builds);
    }

    [Fact]
    public async Task Runs_without_writing_when_it_is_built()
    {
        await _tree.Launch();
        Dictionary<string, DateTime> before = Snapshot();
        await _tree.Launch();
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Forwards_arguments_and_exit_code_exactly()
    {
        _tree.Environment["FAKE_EXIT"] = "42";
        string[] arguments = ["find", "", "two words", "*", "--criterion", "abs(wf) - 0.5*abs(wi)", "a\\nb", "$HOME", "-n"];
        FakeTree.Outcome outcome = await _tree.Launch(arguments);
        Assert.Equal(42, outcome.ExitCode);
        Assert.Equal(arguments, outcome.Output.Split('\n')[..^1]);
    }

    [Theory]
    [InlineData("INT", 43)]
    [InlineData("TERM", 44)]
    public async Task Becomes_the_program_so_that_signals_reach_it(string signal, int exitCode)
    {
        await _tree.Launch();
        using Process process = _tree.Start(_tree.At("lottery"), "wait");
        while (await process.StandardOutput.ReadLineAsync(_late.Token) != "ready") { }
        Assert.Equal(process.Id, int.Parse(await File.ReadAllTextAsync(_tree.At("pid")), CultureInfo.InvariantCulture));
        await Send(signal, process);
        await process.WaitForExitAsync(_late.Token);
        Assert.Equal(exitCode, process.ExitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_build_and_the_next_start_builds(string signal, int exitCode)
    {
        _tree.Environment["FAKE_BUILD_SECONDS"] = "2";
        using Process process = _tree.Start(_tree.At("lottery"), "doctor");
        while (_tree.Builds == 0) await Task.Delay(10, _late.Token);
        await Send(signal, process);
        await process.WaitForExitAsync(_late.Token);
        Assert.Equal(exitCode, process.ExitCode);
        _tree.Environment["FAKE_BUILD_SECONDS"] = "0";
        Assert.Equal("doctor\n", (await _tree.Launch("doctor")).Output);
        Assert.Equal(2, _tree.Builds);
    }

    [Fact]
    public async Task Works_through_symbolic_links()
    {
        string links = Directory.CreateDirectory(_tree.At("links")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "absolute"), _tree.At("lottery"));
        File.CreateSymbolicLink(Path.Combine(links, "relative"), "../lottery");
        File.CreateSymbolicLink(Path.Combine(links, "twice"), "relative");
        foreach (string link in Directory.GetFiles(links))
            Assert.Equal("here\n", (await _tree.Run(link, "here")).Output);
        Assert.Equal(1, _tree.Builds);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("flock")]
    public async Task Starts_at_the_same_time_build_once(string hidden)
    {
        if (hidden != "nothing") _tree.HideTool(hidden);
        _tree.Environment["FAKE_BUILD_SECONDS"] = "0.3";
        FakeTree.Outcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _tree.Launch($"{i}")));
        Assert.Equal(["0\n", "1\n", "2\n", "3\n"], outcomes.Select(outcome => outcome.Output));
        Assert.Equal(1, _tree.Builds);
    }

    [Fact]
    public async Task A_lock_left_by_a_dead_process_is_taken_over()
    {
        _tree.HideTool("flock");
        using Process gone = Process.Start("true");
        await gone.WaitForExitAsync();
        Directory.CreateDirectory(_tree.At("artifacts"));
        File.CreateSymbolicLink(_tree.At("artifacts/build.lock.maker"), gone.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("x\n", (await _tree.Launch("x")).Output);
        Assert.False(new FileInfo(_tree.At("artifacts/build.lock.maker")).LinkTarget is not null);
    }

    [Fact]
    public async Task Without_dotnet_one_sentence_says_what_to_install()
    {
        _tree.HideTool("dotnet");
        AssertSentence(await _tree.Launch("doctor"), ".NET SDK 10");
    }

    [Fact]
    public async Task With_an_old_dotnet_one_sentence_says_what_to_install()
    {
        _tree.Environment["FAKE_SDK"] = "8.0.404 [here]";
        AssertSentence(await _tree.Launch("doctor"), ".NET SDK 10");
        Assert.Equal(0, _tree.Builds);
    }

    [Fact]
    public async Task Without_network_one_sentence_says_so()
    {
        _tree.Environment["FAKE_BUILD_ERROR"] = "x.csproj : error NU1301: Unable to load the service index for source";
        FakeTree.Outcome outcome = await _tree.Launch("doctor");
        AssertSentence(outcome with { Error = outcome.Error.Replace("building lottery …\n", "", StringComparison.Ordinal) }, "NuGet");
    }

    [Fact]
    public async Task A_failed_build_is_shown_and_tried_again()
    {
        _tree.Environment["FAKE_BUILD_ERROR"] = "Program.cs(1,1): error CS1002: ; expected";
        FakeTree.Outcome outcome = await _tree.Launch("doctor");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("CS1002", outcome.Error, StringComparison.Ordinal);
        _tree.Environment["FAKE_BUILD_ERROR"] = null;
        Assert.Equal(0, (await _tree.Launch("doctor")).ExitCode);
        Assert.Equal(2, _tree.Builds);
    }

    private static async Task Send(string signal, Process process)
    {
        using Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static void AssertSentence(FakeTree.Outcome outcome, string about)
    {
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(about, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(outcome.Error.Length - 1, outcome.Error.IndexOf('\n', StringComparison.Ordinal));
    }

    private Dictionary<string, DateTime> Snapshot() =>
        Directory.EnumerateFileSystemEntries(_tree.Root, "*", SearchOption.AllDirectories)
            .Where(path => path != _tree.At("pid"))
            .ToDictionary(path => path, File.GetLastWriteTimeUtc);
}
