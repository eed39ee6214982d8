using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.SystemTests.Cli;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Studies;

/// <summary>What runs are expected to take of memory is what a process that trains them takes, or somewhat more.</summary>
public sealed partial class MemoryEstimateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MemoryEstimateTests() => TinyImages.Write(_folder["tiny"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_estimate_is_never_below_what_a_process_takes_and_not_far_above()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is measured by what Linux counts.");
        Compare("--levels", "0", "--jobs", "1");
        // The dense network is there: this process prunes it and trains the ticket.
        Compare("--levels", "1", "--jobs", "1");
        Compare("--levels", "1", "--jobs", "2", "--seed", "1", "--replicates", "2");
    }

    private void Compare(params string[] arguments)
    {
        using var process = new LotteryProcess([], ["find", "--network", "mlp:20-1500-1500-3", "--data", "./tiny", "--rate", "fc=0.8,output=0.8", "--steps", "20", "--validation", "100",
            "--store", "store", "--debug", .. arguments], _folder.Path);
        CommandLineRun run = process.Wait();
        Assert.True(run.ExitCode == 0, run.Error);
        long expected = Bytes(Expected().Match(run.Error)), taken = Bytes(Taken().Match(run.Error));
        TestContext.Current.TestOutputHelper!.WriteLine($"{string.Join(' ', arguments)}: expected {expected}, taken {taken}");
        Assert.InRange(expected, taken, 3 * taken / 2);
    }

    private static long Bytes(Match match) => long.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("expected at most (?<bytes>[0-9]+) bytes")]
    private static partial Regex Expected();

    [GeneratedRegex("at most (?<bytes>[0-9]+) bytes of memory")]
    private static partial Regex Taken();
}
