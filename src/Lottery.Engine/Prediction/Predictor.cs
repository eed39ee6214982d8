using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Tickets;

namespace Lottery.Prediction;

/// <summary>
/// Predicts with a sparse network: scores and classes of one example or of many, at the cost of the kept weights alone.
/// </summary>
/// <remarks>
/// <para><b>Threads.</b> Any number of threads may use one predictor at once; each has buffers of its own, allocated at its
/// first call and reused. After that nothing is allocated.</para>
/// <para><b>Determinism.</b> The scores of an example are a function of network, weights and example alone. They are the
/// same bits for a single example and in a batch, on any number of threads, at every vector width and on every machine: those
/// of training, which uses the same kernels.</para>
/// <para><b>Cost.</b> A layer stores its kept weights alone, unless it keeps most of them (above 45 % for convolutions, 59 % for
/// linear layers after a ReLU) or pruned weights have values other than zero (mask-0 action <c>initial</c>): such a network costs what a dense one does.</para>
/// </remarks>
public sealed class Predictor : IDisposable
{
    private readonly Network _network;
    private readonly Mask _mask;
    private readonly bool _frozen;
    private readonly KernelSet _kernels;
    private readonly float[][] _values;
    private readonly WorkspacePool _pool;

    /// <summary>A predictor of some weights.</summary>
    /// <param name="mask">Which weights are kept.</param>
    /// <param name="weights">Every parameter in full shape: kept weights, and the values that pruned ones are frozen at, mostly 0.</param>
    /// <param name="scale">What the bytes of an image become.</param>
    /// <exception cref="ArgumentException">Mask and weights are of two networks, or the scale has another number of channels.</exception>
    public Predictor(Mask mask, Weights weights, PixelScale scale) : this(mask, weights, scale, KernelRegistry.Kernels)
    {
    }

    /// <summary>A predictor with kernels of the caller's choice.</summary>
    internal Predictor(Mask mask, Weights weights, PixelScale scale, KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(scale);
        if (!mask.Network.Equals(weights.Network))
            throw new ArgumentException($"The mask is of {mask.Network}, the weights of {weights.Network}.", nameof(weights));
        (_network, _mask, _kernels) = (mask.Network, mask, kernels);
        if (!scale.Fits(_network.Input))
            throw new ArgumentException($"A scale of {scale.Channels} channels does not fit images of {_network.Input}.", nameof(scale));
        _frozen = !mask.IsZeroWherePruned(weights);
        using CompiledPlan plan = Plan();
        _values = [.. Enumerable.Range(0, _network.Parameters.Length).Select(p => KeptOf(p) is { } kept ? SparseValues.Gather(weights[p], kept) : weights[p].ToArray())];
        var (single, bytes) = (new SinglePlan(plan, mask, weights), new ByteValues(scale));
        _pool = new(() => new(PlanWithValues, single, bytes, _network));
    }

    /// <summary>Values of one example.</summary>
    public int Inputs => _network.Inputs;

    /// <summary>Scores of one example.</summary>
    public int Classes => _network.Outputs;

    /// <summary>The scores of examples, before softmax.</summary>
    /// <param name="inputs"><c>[examples, <see cref="Inputs"/>]</c>, row-major (an image: channel by channel, row by row), already scaled.</param>
    /// <param name="scores"><c>[examples, <see cref="Classes"/>]</c>.</param>
    /// <exception cref="ArgumentException">The lengths are not those of one number of examples.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed of.</exception>
    public void Scores(ReadOnlySpan<float> inputs, Span<float> scores) =>
        Scores(new PredictorInput(inputs), scores);

    /// <summary>The scores of images, whose bytes are scaled as they were in training.</summary>
    /// <param name="images"><c>[examples, <see cref="Inputs"/>]</c>, channel by channel, row by row.</param>
    /// <param name="scores"><c>[examples, <see cref="Classes"/>]</c>.</param>
    /// <exception cref="ArgumentException">The lengths are not those of one number of examples.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed of.</exception>
    public void Scores(ReadOnlySpan<byte> images, Span<float> scores) =>
        Scores(new PredictorInput(images), scores);

    /// <summary>The class of one example: the largest score, the first of equals.</summary>
    /// <param name="input"><c>[<see cref="Inputs"/>]</c>, already scaled.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed of.</exception>
    public int Predict(ReadOnlySpan<float> input)
    {
        Span<int> result = [0];
        Predict(input, result);
        return result[0];
    }

    /// <summary>The class of one image: the largest score, the first of equals.</summary>
    /// <param name="image"><c>[<see cref="Inputs"/>]</c>, channel by channel, row by row.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed of.</exception>
    public int Predict(ReadOnlySpan<byte> image)
    {
        Span<int> result = [0];
        Predict(image, result);
        return result[0];
    }

    /// <summary>The classes of examples.</summary>
    /// <param name="inputs"><c>[examples, <see cref="Inputs"/>]</c>, already scaled.</param>
    /// <param name="results"><c>[examples]</c>.</param>
    /// <exception cref="ArgumentException">The lengths are not those of one number of examples.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed of.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<int> results) =>
        Predict(new PredictorInput(inputs), results);

    /// <summary>The classes of images.</summary>
    /// <param name="images"><c>[examples, <see cref="Inputs"/>]</c>, channel by channel, row by row.</param>
    /// <param name="results"><c>[examples]</c>.</param>
    /// <exception cref="ArgumentException">The lengths are not those of one number of examples.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed of.</exception>
    public void Predict(ReadOnlySpan<byte> images, Span<int> results) =>
        Predict(new PredictorInput(images), results);

    /// <summary>Frees the memory; calls in progress finish normally.</summary>
    public void Dispose() => _pool.Dispose();

    /// <summary>A predictor of a ticket.</summary>
    /// <param name="ticket">The ticket: of any kind, also a recipe, whose weights are untrained.</param>
    public Predictor(Ticket ticket) : this(ticket.Mask, ticket.Weights, ticket.Scale)
    {
    }

    /// <summary>A predictor of the ticket in a file.</summary>
    /// <param name="path">A <c>.ticket</c> file.</param>
    /// <exception cref="UserException">The file is not there, or no ticket; the message says what is wrong.</exception>
    public static Predictor Load(string path) => new(Ticket.Load(path));

    private void Scores(PredictorInput input, Span<float> scores)
    {
        int examples = Examples(input.Length, scores.Length, Classes);
        Workspace workspace = _pool.Take();
        for (int start = 0; start < examples; start += BatchPlan.Most)
        {
            int count = Math.Min(examples - start, BatchPlan.Most);
            workspace.Scores(input.Slice(start * Inputs, count * Inputs), count, scores.Slice(start * Classes, count * Classes));
        }
        _pool.Return(workspace);
    }

    private void Predict(PredictorInput input, Span<int> results)
    {
        int examples = Examples(input.Length, results.Length, 1);
        Workspace workspace = _pool.Take();
        for (int start = 0; start < examples; start += BatchPlan.Most)
        {
            int count = Math.Min(examples - start, BatchPlan.Most);
            workspace.Predict(input.Slice(start * Inputs, count * Inputs), results.Slice(start, count));
        }
        _pool.Return(workspace);
    }

    private CompiledPlan Plan() => new(_network, _mask, _kernels, _frozen);

    private CompiledPlan PlanWithValues()
    {
        CompiledPlan plan = Plan();
        var weights = new Weights(_network);
        for (int p = 0; p < _values.Length; p++)
            if (KeptOf(p) is { } kept) SparseValues.Scatter(weights[p], kept, _values[p]);
            else _values[p].CopyTo(weights[p]);
        plan.Load(weights);
        return plan;
    }

    /// <summary>The bits at which a parameter's values are kept; null where all are.</summary>
    private BitSet? KeptOf(int parameter) => _frozen ? null : _mask[parameter];

    private int Examples(int values, int results, int each)
    {
        if (values % Inputs != 0)
            throw new ArgumentException($"{values} values are not a multiple of the {Inputs} values of an example.");
        int examples = values / Inputs;
        return results == (long)examples * each
            ? examples
            : throw new ArgumentException($"{examples} examples give {(long)examples * each} results, but the span holds {results}.");
    }
}
