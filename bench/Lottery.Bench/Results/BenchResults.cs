using System.Collections.Immutable;
using Lottery.Bench.Timing;

namespace Lottery.Bench.Results;

/// <summary>Everything that was measured; null or empty where it was not.</summary>
internal sealed record BenchResults
{
    public required Machine Machine { get; init; }

    /// <summary>What PyTorch says of itself, or why it is not there.</summary>
    public required string Peer { get; init; }

    /// <summary>Steps that each level of the search behind the masks was trained for.</summary>
    public required int SearchSteps { get; init; }

    /// <summary>GFLOP/s.</summary>
    public required double Peak { get; init; }

    public ImmutableArray<StepRow> Steps { get; init; } = [];

    public ReplicateRow? Replicates { get; init; }

    public ImmutableArray<KernelRow> Kernels { get; init; } = [];

    public ImmutableArray<ConvolutionRow> Convolutions { get; init; } = [];

    public SearchRow? Search { get; init; }

    /// <summary>Predicting, beside ONNX Runtime.</summary>
    public ImmutableArray<PredictionRow> Predictions { get; init; } = [];

    /// <summary>Making predictors of tickets.</summary>
    public ImmutableArray<PredictorRow> Predictors { get; init; } = [];

    /// <summary>Tickets in files.</summary>
    public TicketRows? Tickets { get; init; }

    /// <summary>Steps of networks on images.</summary>
    public ImmutableArray<ImageRow> Images { get; init; } = [];

    /// <summary>Steps at the levels of an iterated Conv-2 search.</summary>
    public ImmutableArray<ImageRow> ImageSearch { get; init; } = [];

    /// <summary>PyTorch's time for all levels of the search of Conv-2 ÷ ours; null if either was not measured.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? ImageSearchRatio => ImageSearch.IsEmpty || ImageSearch.Any(row => row.Ratio is null) ? null
        : ImageSearch.Sum(row => row.PyTorchMilliseconds) / ImageSearch.Sum(row => row.Milliseconds);

    /// <summary>The most memory of a process that trains dense Conv-6, ours and PyTorch's, in bytes.</summary>
    public double? Memory { get; init; }

    /// <inheritdoc cref="Memory"/>
    public double? PyTorchMemory { get; init; }
}

/// <summary>A training step at one density.</summary>
internal sealed record StepRow
{
    public required int Level { get; init; }

    /// <summary>0–1.</summary>
    public required double Density { get; init; }

    public required int Kept { get; init; }

    /// <summary>Useful floating-point operations of a step.</summary>
    public required double Flop { get; init; }

    public required double Milliseconds { get; init; }

    /// <summary>The same work with no zero in it that could be skipped.</summary>
    public required double MillisecondsWithoutZeros { get; init; }

    public required double? PyTorchMilliseconds { get; init; }

    /// <summary>Mean loss of the first 200 steps.</summary>
    public required double Loss { get; init; }

    /// <summary>The same of PyTorch, which began with the same weights and saw the same batches.</summary>
    public required double? PyTorchLoss { get; init; }

    /// <summary>In 100 steps.</summary>
    public required long AllocatedBytes { get; init; }

    public double? Ratio => PyTorchMilliseconds / Milliseconds;

    /// <summary>Useful GFLOP/s.</summary>
    public double Rate => Flop / Milliseconds / 1e6;

    public double RateWithoutZeros => Flop / MillisecondsWithoutZeros / 1e6;
}

/// <summary>A training step of a network on images.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Density">0–1.</param>
/// <param name="Threads">Ours and PyTorch's.</param>
/// <param name="Milliseconds">Ours.</param>
/// <param name="PyTorchMilliseconds">PyTorch's, dense at every density.</param>
internal sealed record ImageRow(string Network, double Density, int Threads, double Milliseconds, double? PyTorchMilliseconds)
{
    public double? Ratio => PyTorchMilliseconds / Milliseconds;
}

/// <summary>One replicate, and two at once.</summary>
/// <param name="Levels">Prunings.</param>
/// <param name="Steps">Steps a level.</param>
/// <param name="One">Seconds.</param>
/// <param name="Two">Seconds.</param>
internal sealed record ReplicateRow(int Levels, int Steps, double One, double Two)
{
    public double Ratio => Two / One;
}

/// <summary>A whole search.</summary>
/// <param name="Command">Ours.</param>
/// <param name="Peer">PyTorch's.</param>
/// <param name="Seconds">Wall time of the command, each time.</param>
/// <param name="PyTorchSeconds">Sum over levels.</param>
internal sealed record SearchRow(string Command, string Peer, ImmutableArray<double> Seconds, double? PyTorchSeconds)
{
    public double Median => Rounds.Median(Seconds);

    public double? Ratio => PyTorchSeconds / Median;
}

/// <summary>The kernels of one version at one density.</summary>
/// <param name="Kernels">For example <c>vector512</c>.</param>
/// <param name="Density">0–1.</param>
/// <param name="Times">A kernel each.</param>
internal sealed record KernelRow(string Kernels, double Density, ImmutableArray<KernelTime> Times);

/// <summary>One kernel.</summary>
/// <param name="Name">The part of a step.</param>
/// <param name="Nanoseconds">Per kept weight of the network and example of the batch.</param>
internal sealed record KernelTime(string Name, double Nanoseconds);

/// <summary>The products of one dense convolution, in useful GFLOP/s: two for each weight, output pixel and image.</summary>
/// <param name="Kernels">For example <c>vector512</c>.</param>
/// <param name="Layer">Channels, kernel and image.</param>
/// <param name="Forward">With bias and ReLU.</param>
/// <param name="InputGradient">Through the ReLU.</param>
/// <param name="WeightGradient">Of all weights.</param>
internal sealed record ConvolutionRow(string Kernels, string Layer, double Forward, double InputGradient, double WeightGradient);
