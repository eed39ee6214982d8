using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Store;

namespace Lottery.Bench.Measurements;

/// <summary>The report of very many runs in one file: how long it takes, and how large it is.</summary>
internal static class ReportMeasurement
{
    private const int Seeds = 5, Levels = 20, Rounds = 5;

    private static readonly Criterion[] s_criteria =
        [Criterion.LargeFinal, Criterion.MagnitudeIncrease, Criterion.Movement, Criterion.Random, Criterion.SmallFinal];

    /// <summary>Makes a store of 505 runs of LeNet-300-100, has another process write its report, and prints what that takes.</summary>
    /// <param name="data">Images to train on.</param>
    public static void Run(Dataset data)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-bench-");
        try
        {
            string store = Path.Combine(folder.FullName, "store"), file = Path.Combine(folder.FullName, "report.html");
            int runs = Fill(store, data);
            TimeSpan median = Enumerable.Range(0, Rounds).Select(_ => Write(store, file)).Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| report of {runs} runs, median of {Rounds} | {median.TotalSeconds:0.00} s, {new FileInfo(file).Length / 1e6:0.0} MB |"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Every run has more evaluations than a curve in the report has points.</summary>
    private static int Fill(string folder, Dataset data)
    {
        var store = new RunStore(folder);
        store.NameData(data);
        int runs = 0;
        foreach (Criterion criterion in s_criteria)
        {
            Console.Error.WriteLine($"training {Seeds * (Levels + 1)} short runs by {criterion.Name} …");
            for (ulong seed = 0; seed < Seeds; seed++)
            {
                SplitDataset split = data.Split(1_000, seed);
                // The run's own seed, which is the default: a stated number is a setting, by which the report tells runs apart.
                split = split with { Specification = split.Specification with { SplitSeed = null } };
                var search = new TicketSearch(Network.Lenet300100, split)
                {
                    Criterion = criterion, Pruning = new() { Levels = Levels },
                    Training = new() { Steps = 120, Evaluate = 1 },
                    Runs = store,
                };
                runs += search.Run(seed).Count(level => level.Number > 0 || criterion == s_criteria[0]);
            }
        }
        return runs;
    }

    private static TimeSpan Write(string store, string file)
    {
        var watch = Stopwatch.StartNew();
        using Process lottery = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), "report", "--store", store, "-o", file, "--force"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        lottery.WaitForExit();
        return lottery.ExitCode == 0 ? watch.Elapsed : throw new WorkFailedException(lottery.StandardError.ReadToEnd());
    }
}
