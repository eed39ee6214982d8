using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Data;

namespace Lottery.Bench.Measurements;

/// <summary>The whole iterated search: the wall time of the command, once before and twice after PyTorch's.</summary>
internal static class SearchMeasurement
{
    private const int Levels = 18, Epochs = 3;

    private static readonly string s_arguments = string.Create(CultureInfo.InvariantCulture,
        $"find --network lenet-300-100 --data mnist --validation {RealSearch.Validation} --levels {Levels} --epochs {Epochs} --evaluate {RealSearch.StepsInEpoch} --batch {RealSearch.Batch} --seed {RealSearch.Seed} --jobs 1 --json");

    public static SearchRow Run(PyTorch? pyTorch)
    {
        Command("--version");
        double before = Search();
        double? theirs = pyTorch is null ? null : Peer(pyTorch);
        string[] numbers = [.. new object[] { Epochs, Levels, RealSearch.Seed }.Select(number => Convert.ToString(number, CultureInfo.InvariantCulture)!)];
        return new($"./lottery {s_arguments}", $"pytorch_imp.py MNIST {string.Join(' ', numbers)}", [before, Search(), Search()], theirs);
    }

    private static double Search()
    {
        DirectoryInfo store = Directory.CreateTempSubdirectory("lottery-bench-");
        try
        {
            return Command([.. s_arguments.Split(' '), "--store", store.FullName]);
        }
        finally
        {
            store.Delete(recursive: true);
        }
    }

    private static double Command(params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        var command = new ProcessStartInfo(Repository.At("lottery"), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(command)!;
        var said = new List<string?>();
        process.ErrorDataReceived += (_, line) => said.Add(line.Data);
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode == 0 ? seconds
            : throw new WorkFailedException($"./lottery {arguments[0]} failed: {said.LastOrDefault(line => line is not null)}");
    }

    /// <summary>The sum of the seconds that the levels took.</summary>
    private static double Peer(PyTorch pyTorch)
    {
        string folder = DatasetLocator.FromEnvironment().Locate("mnist").Folder;
        using Process process = pyTorch.Start("pytorch_imp.py", folder, $"{Epochs}", $"{Levels}", $"{RealSearch.Seed}");
        double seconds = 0;
        while (process.StandardOutput.ReadLine() is { } line)
            seconds += JsonDocument.Parse(line).RootElement.GetProperty("seconds").GetDouble();
        process.WaitForExit();
        return process.ExitCode == 0 ? seconds
            : throw new WorkFailedException("bench/peers/pytorch_imp.py failed; what it wrote above says why.");
    }
}
