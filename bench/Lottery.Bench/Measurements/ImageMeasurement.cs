using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Bench.Measurements;

/// <summary>
/// A training step of the papers' networks on images, at several densities of every layer, beside PyTorch's dense one on
/// as many threads, in turn; an iterated Conv-2 search at the paper's rates; and the memory of a step.
/// </summary>
internal static class ImageMeasurement
{
    private static readonly (string Network, double[] Densities)[] s_cases =
        [("conv-2", [1, 0.2, 0.05, 0.01]), ("conv-4", [1, 0.2, 0.05, 0.01]), ("conv-6", [1, 0.2, 0.05, 0.01]), ("resnet-20", [1, 0.2])];

    private const int LastLevel = 7;

    public static ImmutableArray<ImageRow> Steps(PyTorch? pyTorch, int threads, int rounds)
    {
        using PyTorchImages? theirs = pyTorch is null ? null : new(pyTorch, threads);
        var rows = ImmutableArray.CreateBuilder<ImageRow>();
        foreach ((string name, double[] densities) in s_cases)
        {
            Weights trained = ImageSteps.Train(NetworkCatalogue.Get(name), rounds, threads);
            foreach (double density in densities)
                rows.Add(Row(name, trained, Rates(density), density < 1 ? 1 : 0, threads, rounds, theirs));
        }
        return rows.ToImmutable();
    }

    /// <summary>Conv-2 at the levels of an iterated search: 10 % of a convolution's weights go at each, 20 % of the others', 10 % of the output's.</summary>
    public static ImmutableArray<ImageRow> Search(PyTorch? pyTorch, int threads, int rounds)
    {
        using PyTorchImages? theirs = pyTorch is null ? null : new(pyTorch, threads);
        Weights trained = ImageSteps.Train(NetworkCatalogue.Get("conv-2"), rounds, threads);
        return [.. Enumerable.Range(0, LastLevel + 1).Select(level =>
            Row("conv-2", trained, new(0.1m, 0.2m, 0.1m), level, threads, rounds, theirs))];
    }

    /// <summary>The most memory that a process holds that does nothing but steps of dense Conv-6, ours and PyTorch's, in bytes.</summary>
    public static (double Ours, double? Theirs) Memory(PyTorch? pyTorch)
    {
        using Process child = Process.Start(
            new ProcessStartInfo("dotnet", [typeof(ImageMeasurement).Assembly.Location, "memory-of-steps"]) { RedirectStandardOutput = true })!;
        double ours = double.Parse(child.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        if (pyTorch is null) return (ours, null);
        using var theirs = new PyTorchImages(pyTorch, 1);
        theirs.Time("conv-6", 3);
        return (ours, theirs.Memory());
    }

    /// <summary>What <see cref="Memory"/> runs in a process of its own.</summary>
    public static long MemoryOfSteps()
    {
        Network network = NetworkCatalogue.Get("conv-6");
        using var steps = new ImageSteps(Mask.Full(network), InitialWeights.Sample(network, 1), 1);
        steps.Time(3);
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private static PruneRates Rates(double density) => new((decimal)(1 - density), (decimal)(1 - density), (decimal)(1 - density));

    private static ImageRow Row(
        string name, Weights trained, PruneRates rates, int level, int threads, int rounds, PyTorchImages? theirs)
    {
        Mask mask = ImageSteps.Cut(trained, rates, level);
        using var ours = new ImageSteps(mask, trained, threads);
        int steps = Math.Max(1, (int)(0.3 / ours.Time(1)));
        ours.Time(steps);
        theirs?.Time(name, 1);
        double[][] seconds = Rounds.InTurn(rounds, theirs is null
            ? [() => ours.Time(steps) / steps]
            : [() => ours.Time(steps) / steps, () => theirs.Time(name, 1)]);
        return new(name, mask.Density, threads, 1e3 * Rounds.Median(seconds[0]), theirs is null ? null : 1e3 * Rounds.Median(seconds[1]));
    }
}
