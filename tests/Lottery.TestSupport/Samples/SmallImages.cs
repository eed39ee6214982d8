using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.TestSupport.Samples;

/// <summary>
/// A search on images that takes a moment: convolutions by transforms and by patches, dense, dense with weights held at
/// zero and kept-only, strides, normalization, pooling, a residual block with a shortcut that is not pruned, dropout.
/// </summary>
internal static class SmallImages
{
    public static Network Network { get; } = new NetworkBuilder(new(2, 6, 6))
        .Convolution(8, 3, bias: false).BatchNormalization().Relu().Convolution(8, 3).Relu().MaxPool(2)
        .Residual(body => body.Convolution(8, 3, bias: false).BatchNormalization(), shortcut => shortcut.Convolution(8, 1, prunable: false)).Relu()
        .Dropout(0.2).Flatten().Linear(12).Relu().Dropout(0.4).Output(4).Build("small-images");

    public static SplitDataset Data { get; } = Images(SmallData.Split(train: 90, validation: 20, test: 40, features: 72, classes: 4));

    public static TicketSearch Of(IRunStore? runs = null, PruningSettings? pruning = null, Actions.Mask0? mask0 = null) => new(Network, Data)
    {
        Pruning = pruning ?? new() { Levels = 3, Conv = 0.4m, Fc = 0.6m, Output = 0.5m },
        Training = new()
        {
            Optimizer = Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 1e-3), Batch = 20, Steps = 9, Evaluate = 4,
            Schedule = new() { WarmUp = 3, At = [6], Factor = 0.5 },
        },
        Controls = [Control.Reinit, Control.RandomMask], Runs = runs ?? new MemoryRunStore(), Mask0 = mask0 ?? Actions.Mask0.Zero,
    };

    /// <summary>The bits of the search.</summary>
    public static string Fingerprint() => TestSupport.Fingerprint.Of(Of().Results());

    private static SplitDataset Images(SplitDataset data) => data with
    {
        Dataset = data.Dataset with
        {
            Train = data.Dataset.Train with { Shape = new(2, 6, 6) }, Test = data.Dataset.Test with { Shape = new(2, 6, 6) },
        },
    };
}
