using System.Globalization;

namespace Lottery.Bench.Results;

/// <summary>What the engine is meant to reach, and what it reached.</summary>
internal static class Aims
{
    private static readonly (int Level, double AtLeast)[] s_ratios = [(0, 2.2), (1, 5), (3, 5), (7, 12), (15, 45), (20, 90)];
    private static readonly (int Level, double AtLeast)[] s_shares = [(0, 0.5), (7, 0.4)];
    private const double SearchAtLeast = 10, ImageSearchAtLeast = 4, ReplicatesAtMost = 1.15, MemoryAtMost = 1.5;

    /// <summary>Shares of the entropy bound, at the densities of the rows.</summary>
    private static readonly double[] s_sizes = [1.00, 0.985, 0.955, 0.93];
    private const int FixedBytes = 384, SmallerAtLeast = 130, RateAtLeast = 10;

    /// <summary>A line for each aim that was measured.</summary>
    public static IEnumerable<string> Table(BenchResults results) =>
    [
        "| | aim | measured | |",
        "|---|--:|--:|---|",
        .. Steps(results), .. Shares(results), .. Whole(results), .. Allocation(results), .. Images(results), .. Predictions(results), .. Predictors(results),
        .. Tickets(results),
    ];

    private static IEnumerable<string> Steps(BenchResults results) =>
        from aim in s_ratios
        from row in results.Steps
        where row.Level == aim.Level && row.Ratio is not null
        select Line(Text($"training step against PyTorch's, density {row.Density:P1}"), Text($"≥ {aim.AtLeast}×"),
            Text($"{row.Ratio:F1}×"), row.Ratio >= aim.AtLeast);

    private static IEnumerable<string> Shares(BenchResults results) =>
        from aim in s_shares
        from row in results.Steps
        where row.Level == aim.Level
        let share = row.Rate / results.Peak
        let whole = row.RateWithoutZeros / results.Peak
        select Line(Text($"fraction of the multiply-add peak, density {row.Density:P1}"), Text($"≥ {aim.AtLeast:P0}"),
            Text($"{share:P0} ({whole:P0} where no zero is skipped)"), share >= aim.AtLeast);

    private static IEnumerable<string> Whole(BenchResults results)
    {
        if (results.Search is { Ratio: { } ratio })
            yield return Line("whole search against PyTorch's", Text($"≥ {SearchAtLeast}×"), Text($"{ratio:F1}×"), ratio >= SearchAtLeast);
        if (results.ImageSearchRatio is { } images)
            yield return Line("iterated Conv-2 search, levels 0 to 7, against PyTorch's", Text($"≥ {ImageSearchAtLeast}×"), Text($"{images:F1}×"), images >= ImageSearchAtLeast);
        if (results.Replicates is { } two)
            yield return Line("two replicates at once against one", Text($"≤ {ReplicatesAtMost}×"), Text($"{two.Ratio:F2}×"), two.Ratio <= ReplicatesAtMost);
    }

    private static IEnumerable<string> Allocation(BenchResults results)
    {
        if (results.Steps.IsEmpty) yield break;
        long bytes = results.Steps.Max(row => row.AllocatedBytes);
        yield return Line("allocation in a training step", "0 bytes", Text($"{bytes} bytes"), bytes == 0);
    }

    private static IEnumerable<string> Images(BenchResults results) =>
    [
        .. from row in results.Images
           where row.Ratio is not null
           let aim = AimOf(row)
           select Line(Text($"training step of {row.Network} against PyTorch's, density {row.Density:P1}, {row.Threads} thread{(row.Threads > 1 ? "s" : "")}"),
               Text($"≥ {aim}×"), Text($"{row.Ratio:F2}×"), row.Ratio >= aim),
        .. results.Memory / results.PyTorchMemory is { } times
            ? (string[])[Line("memory of a Conv-6 step against PyTorch's", Text($"≤ {MemoryAtMost}×"), Text($"{times:F2}×"), times <= MemoryAtMost)]
            : [],
    ];

    private static IEnumerable<string> Predictions(BenchResults results) =>
        from row in results.Predictions
        let aim = AimOf(row)
        where aim is not null
        select Line(Text($"predicting with {row.Network} against ONNX Runtime's dense model, density {row.Density:P1}, batch {row.Batch}, {row.Inputs}"),
            Text($"≥ {aim}×"), Text($"{row.Ratio:F1}×"), row.Ratio >= aim);

    private static IEnumerable<string> Predictors(BenchResults results) =>
        from row in results.Predictors
        let most = row.Network switch { "conv-4" => 8, "vgg-19" => 80, _ => double.NaN }
        where row.Made <= most || row.Made > most
        select Line(Text($"making a predictor of a ticket of {row.Network}, density {row.Density:P1}"), Text($"≤ {most} ms"), Text($"{row.Made:F1} ms"), row.Made <= most);

    private static IEnumerable<string> Tickets(BenchResults results)
    {
        if (results.Tickets is not { } tickets) yield break;
        foreach ((TicketSizeRow row, double share) in tickets.Sizes.Zip(s_sizes))
        {
            double most = share * row.Bound + FixedBytes;
            yield return Line(Text($"recipe of LeNet-300-100, density {row.Density:P1}, complete header"),
                Text($"≤ {share} × entropy + {FixedBytes} = {most:N0} bytes"), Text($"{row.Ticket:N0} bytes"), row.Ticket <= most);
        }
        TicketSizeRow sparse = tickets.Sizes[2];
        double times = (double)sparse.Dense / sparse.Ticket;
        yield return Line(Text($"the same against dense fp32 safetensors, density {sparse.Density:P1}"),
            Text($"≥ {SmallerAtLeast}×"), Text($"{times:F0}×"), times >= SmallerAtLeast);
        foreach (TicketSpeedRow row in tickets.Speeds.Where(row => row.Kind.StartsWith("recipe", StringComparison.Ordinal)))
            yield return Line(Text($"packing and unpacking Conv-6, {row.Kind}, density {row.Density:P1}"), Text($"≥ {RateAtLeast} million weights/s"),
                Text($"{row.Pack:F0}, {row.Unpack:F0}"), Math.Min(row.Pack, row.Unpack) >= RateAtLeast);
    }

    private static double? AimOf(PredictionRow row) => (row.Network, row.Batch, row.Inputs) switch
    {
        ("conv-4", _, _) when row.Density < 0.2 => 2,
        ("resnet-20", 1, _) when row.Density > 0.5 => 1,
        ("lenet-300-100", 64, _) => 8,
        ("lenet-300-100", 1, "test images") => 6,
        ("lenet-300-100", 1, _) when row.Density < 0.2 => 4,
        _ => null,
    };

    private static double AimOf(ImageRow row) => (row.Network, row.Density) switch
    {
        ("resnet-20", > 0.5) => 2,
        ("resnet-20", _) => 4.5,
        (_, > 0.5) => 2.5,
        (_, > 0.1) => 5,
        (_, > 0.03) => 12,
        _ => 28,
    };

    private static string Line(string what, string aim, string measured, bool reached) =>
        $"| {what} | {aim} | {measured} | {(reached ? "reached" : "missed")} |";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
