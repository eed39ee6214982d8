using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lottery.Bench.Measurements;

/// <summary>
/// What <c>study plan</c> expects runs to take of memory beside what a process that trains them takes at most, for networks of the
/// catalogue on real data: dense, at a fifth of the weights, and two seeds at once.
/// </summary>
internal static partial class EstimateMeasurement
{
    private static readonly (string Network, string Data, int Steps)[] s_cases =
    [
        ("lenet-300-100", "mnist", 400), ("conv-2", "cifar-10", 20), ("conv-4", "cifar-10", 20), ("conv-6", "cifar-10", 20),
        ("resnet-18", "cifar-10", 10), ("resnet-20", "cifar-10", 10), ("vgg-19", "cifar-10", 4),
    ];

    /// <summary>Measures some networks, or all.</summary>
    public static IEnumerable<string> Run(ImmutableArray<string> networks)
    {
        if (networks.FirstOrDefault(name => s_cases.All(one => one.Network != name)) is { } unknown)
            throw new UserException($"'{unknown}' is no network whose memory is measured{Suggestion.Ending(unknown, [.. s_cases.Select(one => one.Network)])}");
        yield return "| network | density | runs at once | estimate | measured | ratio |";
        yield return "|---|--:|--:|--:|--:|--:|";
        foreach ((string network, string data, int steps) in s_cases.Where(one => networks.IsEmpty || networks.Contains(one.Network)))
            foreach (int runs in (int[])[1, 2])
            {
                string store = Directory.CreateTempSubdirectory("lottery-estimates").FullName;
                try
                {
                    // The process of level 1 finds level 0 in the store.
                    foreach (int level in (int[])[0, 1])
                    {
                        (long estimate, long measured) = Measure(network, data, steps, level, runs, store);
                        yield return string.Create(CultureInfo.InvariantCulture,
                            $"| {network} | {(level == 0 ? 100 : 20)} % | {runs} | {estimate / 1e6:0} MB | {measured / 1e6:0} MB | {(double)estimate / measured:0.00} |");
                    }
                }
                finally
                {
                    Directory.Delete(store, recursive: true);
                }
            }
    }

    /// <summary>Trains the runs of a level in a process of their own.</summary>
    private static (long Estimate, long Measured) Measure(string network, string data, int steps, int level, int runs, string store)
    {
        // Where all layers compete, the rate of the convolutions holds.
        string rates = network.StartsWith("conv", StringComparison.Ordinal) || data == "mnist" ? "conv=0.8,fc=0.8,output=0.8" : "conv=0.8";
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), "find", "--network", network, "--data", data, "--steps", Text(steps), "--evaluate", Text(steps / 2),
            "--levels", Text(level), "--rate", rates, "--validation", "1000", "--training-sample", "100", "--replicates", Text(runs), "--jobs", Text(runs),
            "--store", store, "--debug",
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), said = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        output.Wait();
        if (process.ExitCode != 0) throw new WorkFailedException($"{network} could not be trained: {said.Result.Split('\n').LastOrDefault(line => line.StartsWith("lottery: ", StringComparison.Ordinal)) ?? said.Result}");
        return (Bytes(Expected().Match(said.Result)), Bytes(Took().Match(said.Result)));
    }

    private static long Bytes(Match match) => long.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("expected at most (?<bytes>[0-9]+) bytes")]
    private static partial Regex Expected();

    [GeneratedRegex("at most (?<bytes>[0-9]+) bytes of memory")]
    private static partial Regex Took();
}
