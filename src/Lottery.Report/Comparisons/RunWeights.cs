using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Report.Comparisons;

/// <summary>Reads the masks and weights of runs; those of dense networks, which many runs are compared with, once.</summary>
/// <remarks>A run whose file cannot be read is left out, and noted in <see cref="Problems"/>. Thread-safe.</remarks>
/// <param name="store">The store that holds the runs.</param>
internal sealed class RunWeights(RunStore store)
{
    private readonly ConcurrentDictionary<string, Lazy<TensorFile?>> _dense = [];
    private readonly ConcurrentDictionary<string, byte> _problems = [];

    /// <summary>A sentence for each file that cannot be read.</summary>
    public IEnumerable<string> Problems => _problems.Keys.Order(StringComparer.Ordinal);

    /// <summary>The mask of a run and how its weights moved.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dense">The trained run of level 0 that its mask was pruned from; null if there is none.</param>
    /// <returns>Null if a file of the run cannot be read.</returns>
    public ComparedRun? Read(RunSummary run, RunSummary? dense)
    {
        TensorFile? before = dense is null ? null : _dense.GetOrAdd(dense.Id, _ => new(() => Tensors(dense))).Value;
        if ((dense?.Id == run.Id ? before : Tensors(run)) is not { } tensors) return null;
        bool isTrained = run is { Steps: > 0, Supermask: null };
        Network network = run.Specification.Network;
        return new(run, tensors.Mask,
        [
            .. network.Parameters.Index().Where(tensor => tensor.Item.Prunable).Select(tensor =>
            {
                (int p, Parameter parameter) = tensor;
                double width = network.Initial.StandardDeviation(parameter) / WeightMovement.BinsPerDeviation;
                var (kept, pruned) = before is null ? (null, null) : WeightMovement.Of(tensors.Mask[p]!, before.Initial[p], before.Final[p], width);
                WeightMovement? own = !isTrained ? null : dense?.Id == run.Id ? kept
                    : WeightMovement.Of(tensors.Mask[p]!, tensors.Initial[p], tensors.Final[p], width).Kept;
                return new LayerMovement(parameter, width, kept, pruned, own);
            }),
        ]);
    }

    private TensorFile? Tensors(RunSummary run)
    {
        try
        {
            return store.Tensors(run);
        }
        catch (UserException damaged)
        {
            _problems[damaged.Message] = 0;
            return null;
        }
    }
}

/// <summary>A run as it is compared with others.</summary>
/// <param name="Run">The run.</param>
/// <param name="Mask">Its mask.</param>
/// <param name="Layers">How the weights moved, for each prunable parameter in the network's order.</param>
internal sealed record ComparedRun(RunSummary Run, Mask Mask, ImmutableArray<LayerMovement> Layers);

/// <summary>How training moved the weights of one layer.</summary>
/// <param name="Parameter">The layer's weights.</param>
/// <param name="BinWidth">The width of a bin of the histograms of distances.</param>
/// <param name="DenseKept">The weights that the run's mask keeps, in the training of the dense network; null if there is none.</param>
/// <param name="DensePruned">Those that it prunes, likewise.</param>
/// <param name="Own">Those that it keeps, in the run's own training; null if it has none.</param>
internal sealed record LayerMovement(Parameter Parameter, double BinWidth, WeightMovement? DenseKept, WeightMovement? DensePruned, WeightMovement? Own);
