using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Cuda.Plans;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Cuda.Estimates;

/// <summary>What a training takes of a card: counted by the plan that the card would run, times rates.</summary>
/// <param name="Step">A training step.</param>
/// <param name="Example">An example that is evaluated.</param>
/// <param name="Batch">What each batch of an evaluation takes besides.</param>
/// <param name="Bytes">The memory that the training has to itself.</param>
internal sealed record CardWork(CardTime Step, CardTime Example, CardTime Batch, long Bytes)
{
    /// <summary>Examples that are evaluated at once.</summary>
    private const int EvaluatedAtOnce = CudaEngine.MostTiles * BatchTiles.MaxLanes;

    /// <summary>A value is written and read, and in training its gradient too; what is read once more is taken to be in the card's cache.</summary>
    private const int MovedForward = 2 * sizeof(float), MovedInTraining = 4 * sizeof(float);

    private readonly record struct Pass(CardTime Time, int Launches)
    {
        public static Pass operator +(Pass one, Pass other) => new(one.Time + other.Time, one.Launches + other.Launches);
    }

    /// <summary>The seconds of an evaluation.</summary>
    public CardTime Evaluation(long examples) => examples * Example + Math.Ceiling((double)examples / EvaluatedAtOnce) * Batch;

    /// <summary>The work of a training; null if a card has no kernels for it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mask">As many weights as it keeps.</param>
    /// <param name="isFrozen">True if pruned weights have values other than zero.</param>
    /// <param name="train">The examples.</param>
    /// <param name="rates">How fast the card is.</param>
    /// <param name="sharedBytes">The most bytes of shared memory that a block of the card can have.</param>
    public static CardWork? Of(RunSpecification run, Mask mask, bool isFrozen, Examples train, CardRates rates, int sharedBytes)
    {
        using var plan = new CompiledPlan(run.Network, mask, KernelRegistry.Kernels, isFrozen, zeros: ZeroInputs.ShareOf(run.Data.Scale, train));
        if (CudaPlan.Obstacle(plan) is not null) return null;
        using var device = new CountingDevice();
        using ICommands commands = device.NewStream();
        using var card = new CudaPlan(device, commands, plan, run.Training.Batch, EvaluatedAtOnce);
        int moments = UpdateLaunches.MomentsOf(run.Training.Optimizer), keys = plan.Layout.Rows.Length;
        long values = sizeof(float) * (long)plan.Layout.Length;
        long bytes = device.Bytes + (1 + moments + (run.Supermask is null ? 0 : 2)) * values
            + StepTable.BytesOf(keys, CudaEngine.MostSteps) + StepTable.BytesOf(keys, CudaEngine.MostBatches) + 2L * sizeof(int) * train.Count;
        // Values, their gradient and their moments are read, and all but the gradient written; of a supermask the scores, too.
        double moved = values * (3 + 2 * moments + (run.Supermask is null ? 0 : 4));
        return run.Supermask is null && BlockTraining.Fits(sharedBytes, plan, run.Training.Batch, train, run.Data.Augment)
            ? OfBlock(plan, rates, bytes, BlockTraining.HoldsWeights(sharedBytes, plan) ? 0 : moved + 2 * values)
            : OfGraph(plan, card, device, commands, rates, bytes, moved, run);
    }

    private static CardWork OfBlock(CompiledPlan plan, CardRates rates, long bytes, double moved)
    {
        double kept = 0, dense = 0, keptForward = 0, denseForward = 0;
        foreach (Operation operation in plan.Operations)
        {
            // Forward, the weights' gradient, and the input's, which the first layer does not need.
            int passes = operation.Inputs[0].Index == plan.Input.Index ? 2 : 3;
            double products = BatchTiles.MaxLanes * (double)WeightsOf(operation);
            if (operation is SparseLinearOperation) (kept, keptForward) = (kept + passes * products, keptForward + products);
            else (dense, denseForward) = (dense + passes * products, denseForward + products);
        }
        CardTime batch = rates.Block(keptForward, denseForward, moved == 0 ? 0 : sizeof(float) * (double)plan.Layout.Length, CudaEngine.EvaluationBlocks);
        return new(rates.Block(kept, dense, moved), 1.0 / BatchTiles.MaxLanes * batch, default, bytes);
    }

    private static CardWork OfGraph(
        CompiledPlan plan, CudaPlan card, CountingDevice device, ICommands commands, CardRates rates, long bytes, double moved, RunSpecification run)
    {
        int before = device.Launches;
        card.Forward(commands, 0);
        card.Backward(commands, 0);
        int trained = device.Launches - before;
        card.Evaluate(commands);
        int evaluated = device.Launches - before - trained;
        Pass step = default, batch = default;
        foreach (Operation operation in plan.Operations)
        {
            bool isFirst = operation.Inputs[0].Index == plan.Input.Index;
            step += Sums(operation, card.X, rates, isFirst ? 0 : 1, gradients: 1);
            batch += Sums(operation, card.Evaluated, rates, 0, gradients: 0);
        }
        // The batch, the loss and the cursor; the update, or for each layer of scores a sample, its gradient and its update.
        int besides = 3 + (run.Supermask is null ? 1 : 4 * plan.Layout.Rows.Count(row => row.Parameter.Prunable));
        CardTime all = batch.Time + rates.Moving(MovedForward * Values(plan, card.Evaluated));
        return new(
            step.Time + rates.Moving(MovedInTraining * Values(plan, card.X) + moved) + rates.Launching(trained - step.Launches + besides),
            new(all.Busy / EvaluatedAtOnce, 0), new CardTime(0, all.Waiting) + rates.Launching(evaluated - batch.Launches + 3), bytes);
    }

    /// <summary>What sums over the weights of a layer take, and how many launches they are.</summary>
    /// <param name="operation">The layer.</param>
    /// <param name="x">The tensors of its batch.</param>
    /// <param name="rates">The rates.</param>
    /// <param name="inputs">1 if the gradient of its input is needed.</param>
    /// <param name="gradients">1 if that of its weights is.</param>
    private static Pass Sums(Operation operation, CudaBuffers x, CardRates rates, int inputs, int gradients)
    {
        double flat = x.Tiles.Tiles * (double)x.Tiles.Lanes, images = x.ImageTiles * (double)CudaBuffers.ImageLanes;
        int passes = 1 + inputs + gradients;
        switch (operation)
        {
            case SparseConvolutionOperation sparse:
                double pixels = images * sparse.Shape.OutputPixels, all = pixels * sparse.Shape.Inputs * sparse.Shape.Outputs * sparse.Shape.KernelArea;
                bool patches = SparseSums.UsesPatches(sparse.Table, x.ImageTiles), gradientPatches = SparseSums.PaysPatches(sparse.Table);
                double kept = pixels * sparse.Table.Kept;
                return new((1 + inputs) * rates.KeptOnly(all, kept, patches) + gradients * rates.KeptOnlyGradient(all, kept, gradientPatches), passes);
            case DenseConvolutionOperation dense:
                double products = images * dense.Shape.OutputPixels * dense.Shape.Inputs * dense.Shape.Outputs * dense.Shape.KernelArea;
                return new(passes * rates.Dense(products * (DenseConvolution.UsesWinograd(dense.Shape) ? 16.0 / 36 : 1)), passes);
            case SparseLinearOperation or DenseLinearOperation:
                return new(passes * rates.Linear(flat * WeightsOf(operation), operation is DenseLinearOperation), passes);
            default:
                return default;
        }
    }

    private static long WeightsOf(Operation operation) => operation switch
    {
        SparseLinearOperation sparse => sparse.Table.Kept,
        DenseLinearOperation dense => (long)dense.Layer.Inputs * dense.Layer.Outputs,
        _ => 0,
    };

    private static double Values(CompiledPlan plan, CudaBuffers x) => plan.Tensors.Where(x.Has).Sum(tensor => (double)x.Length(tensor));
}
