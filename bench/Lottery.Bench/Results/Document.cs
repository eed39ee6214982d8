using System.Collections.Immutable;
using System.Globalization;
using Lottery.Bench.Peers;

namespace Lottery.Bench.Results;

/// <summary>The results as a page of tables.</summary>
internal static class Document
{
    /// <summary>All of it.</summary>
    public static string Of(BenchResults results) => string.Join("\n\n", Parts(results).Select(lines => string.Join('\n', lines))) + "\n";

    private static IEnumerable<IEnumerable<string>> Parts(BenchResults results)
    {
        yield return [$"# {results.Machine.Processor}"];
        yield return About(results);
        yield return Aims.Table(results);
        if (results.Steps.Length > 0)
        {
            yield return ["## A training step"];
            yield return ["LeNet-300-100 on MNIST, batch 60, Adam, batch assembly included; one thread each, timed in turn, medians. Both sides",
                "begin with the same weights and see the same batches: the mean loss of the first 200 steps shows it."];
            yield return Steps(results);
            yield return [$"## Fraction of the multiply-add peak, {Text($"{results.Peak:F1}")} GFLOP/s"];
            yield return ["Useful FLOP of a step: 2 × 60 × kept weights for forward, for the weight gradient and, but in the first layer, for the",
                "input gradient. Zeros in images, outputs and gradients are skipped by dense layers; the last two columns are the same",
                "work without any zero."];
            yield return Shares(results);
        }
        if (results.Search is { } search)
        {
            yield return ["## A whole search"];
            yield return ["55,000 images, 3 epochs × 19 levels, validated once an epoch, tested once a level. Ours: wall time of the command,",
                "start and writing the store included, once before and twice after PyTorch's, median; PyTorch's: training and validation."];
            yield return Search(search);
        }
        if (results.Images.Length > 0)
        {
            yield return ["## A training step on images"];
            yield return ["Random images of 3×32×32; Conv-2/4/6 with batch 60 and Adam, ResNet-20 with batch 128 and SGD; batch assembly included,",
                "PyTorch's image ready in memory. Every prunable layer has the density given; the masks keep the largest weights of a short",
                "dense training. PyTorch trains dense at every density. Timed in turn on as many threads, medians."];
            yield return Images(results.Images);
            yield return ["## Conv-2 at the levels of an iterative search"];
            yield return ImageSearch(results.ImageSearch, results.ImageSearchRatio);
            yield return ["## Memory"];
            yield return Memory(results);
        }
        if (results.Predictions.Length > 0)
        {
            yield return ["## Predicting"];
            yield return [$"Microseconds a call, one thread, in turn with ONNX Runtime {RuntimeModel.Version} (all graph optimizations, bound values), medians.",
                "LeNet-300-100 on the masks of the search; the other networks on the largest weights of each layer after five steps. The last column is",
                "the largest difference between the ticket's scores, ours and ONNX Runtime's."];
            yield return Predictions(results.Predictions);
            yield return ["From a ticket's bytes to a first prediction of one example, a random tenth of every layer kept, in a process that has done",
                "it before: milliseconds, medians."];
            yield return Predictors(results.Predictors);
        }
        if (results.Tickets is { } tickets)
        {
            yield return ["## Tickets"];
            yield return ["Recipes of LeNet-300-100 on the masks of the search, with everything that `ticket pack` says in them, in bytes. The bound is",
                "Σ n·H(density) ÷ 8 over the layers. Beside them the masks alone: through the same arithmetic coder with one adaptive",
                "probability a layer, and packed eight to a byte through `xz -9e` and `zstd --ultra -22`."];
            yield return TicketSizes(tickets.Sizes);
            yield return ["The masks with other contexts, over those with the contexts of the format:"];
            yield return TicketContexts(tickets);
            yield return ["Conv-6 on the largest weights of each layer after a step: millions of prunable weights a second, hash and checksum included,",
                "one thread, medians."];
            yield return TicketSpeeds(tickets.Speeds);
        }
        if (results.Replicates is { } replicates)
        {
            yield return ["## Two replicates at once"];
            yield return Replicates(replicates);
        }
        if (results.Kernels.Length > 0)
        {
            yield return ["## Kernels"];
            yield return ["Each part of a step by itself: nanoseconds per kept weight and example, on masks, weights and a batch of the search. Where",
                "weights are few, what is paid for each unit or image shows."];
            yield return Kernels(results);
        }
        if (results.Convolutions.Length > 0)
        {
            yield return ["## Dense convolutions"];
            yield return ["Each product by itself, one tile of sixteen images at a time: GFLOP/s, two for each weight, output pixel and image, as",
                "the plain sum has them. 3×3 kernels of stride 1 go by Winograd's transforms, which multiply 2.25 times less; so their",
                "figures may exceed the peak."];
            yield return Convolutions(results);
        }
    }

    private static IEnumerable<string> About(BenchResults results) =>
    [
        $"Measured on {results.Machine.Date} with `./dev bench`.",
        "",
        "| | |",
        "|---|---|",
        $"| processor | {results.Machine.Processor}, {results.Machine.Cores} cores; {results.Machine.Features} |",
        $"| system | {results.Machine.System} |",
        $"| Lottery | {results.Machine.Lottery} on {results.Machine.Runtime}, kernels `{results.Machine.Kernels}` |",
        $"| peer | {results.Peer} |",
        $"| masks | of an iterative search, {Text($"{results.SearchSteps:N0}")} steps a level |",
    ];

    private static IEnumerable<string> Steps(BenchResults results) =>
    [
        "| density | kept | Lottery, ms | PyTorch, ms | ratio | loss | PyTorch's | bytes allocated |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
        .. results.Steps.Select(row => Text(
            $"| {row.Density:P1} | {row.Kept:N0} | {row.Milliseconds:F4} | {Or(row.PyTorchMilliseconds, "F3")} | {Or(row.Ratio, "F1")} | {row.Loss:F4} | {Or(row.PyTorchLoss, "F4")} | {row.AllocatedBytes} |")),
    ];

    private static IEnumerable<string> Shares(BenchResults results) =>
    [
        "| density | MFLOP | GFLOP/s | fraction | without zeros, ms | fraction |",
        "|--:|--:|--:|--:|--:|--:|",
        .. results.Steps.Select(row => Text(
            $"| {row.Density:P1} | {row.Flop / 1e6:F2} | {row.Rate:F1} | {row.Rate / results.Peak:P0} | {row.MillisecondsWithoutZeros:F4} | {row.RateWithoutZeros / results.Peak:P0} |")),
    ];

    private static IEnumerable<string> Search(SearchRow search) =>
    [
        "| Lottery, s | PyTorch, s | ratio |",
        "|--:|--:|--:|",
        Text($"| {string.Join(", ", search.Seconds.Select(seconds => Text($"{seconds:F1}")))} | {Or(search.PyTorchSeconds, "F1")} | {Or(search.Ratio, "F1")} |"),
        "",
        $"`{search.Command}`; `{search.Peer}`",
    ];

    private static IEnumerable<string> Images(IEnumerable<ImageRow> rows) =>
    [
        "| network | density | threads | Lottery, ms | PyTorch, ms | ratio |",
        "|---|--:|--:|--:|--:|--:|",
        .. rows.Select(row => Text(
            $"| {row.Network} | {row.Density:P1} | {row.Threads} | {row.Milliseconds:F2} | {Or(row.PyTorchMilliseconds, "F1")} | {Or(row.Ratio, "F2")} |")),
    ];

    private static IEnumerable<string> ImageSearch(ImmutableArray<ImageRow> rows, double? ratio) =>
    [
        "Each level prunes 10 % of a convolution's weights, 20 % of the other layers', 10 % of the output's.",
        "",
        .. Images(rows),
        "",
        Text($"All levels together: {Or(ratio, "F2")} times PyTorch's speed."),
    ];

    private static IEnumerable<string> Predictions(IEnumerable<PredictionRow> rows) =>
    [
        "| network | density | batch | inputs | Lottery | ONNX dense | ONNX with zeros | dense ÷ ours | difference |",
        "|---|--:|--:|---|--:|--:|--:|--:|--:|",
        .. rows.Select(row => Text(
            $"| {row.Network} | {row.Density:P1} | {row.Batch} | {row.Inputs} | {row.Microseconds:F2} | {row.OnnxDense:F1} | {row.OnnxZeros:F1} | {row.Ratio:F1} | {row.Difference:E1} |")),
    ];

    /// <summary>The table of <see cref="BenchResults.Predictors"/>.</summary>
    public static IEnumerable<string> Predictors(IEnumerable<PredictorRow> rows) =>
    [
        "| network | density | reading the ticket | making the predictor | first prediction |",
        "|---|--:|--:|--:|--:|",
        .. rows.Select(row => Text($"| {row.Network} | {row.Density:P1} | {row.Read:F2} | {row.Made:F2} | {row.First:F2} |")),
    ];

    private static IEnumerable<string> TicketSizes(IEnumerable<TicketSizeRow> rows) =>
    [
        "| density | bound | ticket | ÷ bound | of these, masks | ÷ bound | adaptive | xz | zstd | dense safetensors | ÷ ticket |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        .. rows.Select(row => Text(
            $"| {row.Density:P1} | {row.Bound:N0} | {row.Ticket:N0} | {row.Ticket / row.Bound:F3} | {row.Masks:N0} | {row.Masks / row.Bound:F3} | {row.Adaptive:N0} | {Or(row.Xz, "N0")} | {Or(row.Zstd, "N0")} | {row.Dense:N0} | {(double)row.Dense / row.Ticket:F1} |")),
    ];

    private static IEnumerable<string> TicketContexts(TicketRows rows) =>
    [
        $"| | {string.Join(" | ", rows.Sizes.Select(row => Text($"{row.Density:P1}")))} | Conv-6, {Text($"{rows.Speeds[^1].Density:P1}")} |",
        $"|---|{string.Concat(rows.Sizes.Select(_ => "--:|"))}--:|",
        .. rows.Contexts.Select(row => $"| {row.Contexts} | {string.Join(" | ", row.Ratios.Select(ratio => Text($"{ratio:F4}")))} |"),
    ];

    private static IEnumerable<string> TicketSpeeds(IEnumerable<TicketSpeedRow> rows) =>
    [
        "| kind | density | bytes | pack | unpack |",
        "|---|--:|--:|--:|--:|",
        .. rows.Select(row => Text($"| {row.Kind} | {row.Density:P1} | {row.Bytes:N0} | {row.Pack:F1} | {row.Unpack:F1} |")),
    ];

    private static IEnumerable<string> Memory(BenchResults results) =>
    [
        Text($"The most memory of a process that does nothing but steps of dense Conv-6 with batch 60: {results.Memory / 1e6:F0} MB, PyTorch's {Or(results.PyTorchMemory / 1e6, "F0")} MB"),
        Text($"({Or(results.Memory / results.PyTorchMemory, "F2")} times)."),
    ];

    private static IEnumerable<string> Replicates(ReplicateRow row) =>
    [
        Text($"A search of {row.Levels + 1} levels × {row.Steps:N0} steps, one and two at once in one process, a thread each; in turn, medians."),
        "",
        "| one, s | two, s | ratio |",
        "|--:|--:|--:|",
        Text($"| {row.One:F2} | {row.Two:F2} | {row.Ratio:F2} |"),
    ];

    private static IEnumerable<string> Kernels(BenchResults results)
    {
        string[] names = [.. results.Kernels[0].Times.Select(time => time.Name)];
        yield return $"| kernels | density | {string.Join(" | ", names)} | sum |";
        yield return $"|---|--:|{string.Concat(names.Select(_ => "--:|"))}--:|";
        foreach (KernelRow row in results.Kernels)
            yield return Text($"| `{row.Kernels}` | {row.Density:P1} | {string.Join(" | ", row.Times.Select(time => Text($"{time.Nanoseconds:F4}")))} | {row.Times.Sum(time => time.Nanoseconds):F4} |");
    }

    private static IEnumerable<string> Convolutions(BenchResults results) =>
    [
        "| kernels | layer | forward | input gradient | weight gradient |",
        "|---|---|--:|--:|--:|",
        .. results.Convolutions.Select(row => Text(
            $"| `{row.Kernels}` | {row.Layer} | {row.Forward:F0} | {row.InputGradient:F0} | {row.WeightGradient:F0} |")),
    ];

    private static string Or(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
