using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Cuda.Plans;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.TestSupport.Cuda;

namespace Lottery.UnitTests.Cuda;

/// <summary>A plan on the processor and on the emulated card, with the same weights and the same random batch.</summary>
internal sealed class PlanOnCard : IDisposable
{
    private const ulong Seed = 3;
    private const int Step = 7;

    private readonly EmulatedDevice _device = EmulatedDevice.OrSkip();
    private readonly ICommands _commands;
    private readonly CompiledPlan _plan;
    private readonly CudaPlan _card;
    private readonly DeviceRow _row;
    private readonly int _batch;
    private readonly double _zeros;
    private readonly RandomStream _random;
    private long _drawn;

    /// <summary>Both plans.</summary>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="frozen">True if pruned weights have values other than zero.</param>
    /// <param name="change">Changes the weights.</param>
    /// <param name="zeros">The share of zeros among the inputs.</param>
    public PlanOnCard(Mask mask, int batch, bool frozen = false, Action<Weights>? change = null, double zeros = 0.5)
    {
        (_batch, _zeros, _random) = (batch, zeros, new(1, "test/card"));
        _commands = _device.NewStream();
        _plan = new(mask.Network, mask, KernelRegistry.Kernels, frozen, zeros: zeros);
        Weights start = Start(mask, frozen);
        change?.Invoke(start);
        _plan.Load(start);
        Assert.Null(CudaPlan.Obstacle(_plan));
        _card = new(_device, _commands, _plan, batch, batch + 1);
        _card.Upload(_commands);
        _row = new(_device, _commands, new(), [.. _plan.Operations.OfType<DropoutOperation>().Select(one => new RandomStream(Seed, $"dropout/{one.Name}/{Step}").Key)]);
    }

    /// <summary>The operations of the plan.</summary>
    public IEnumerable<Operation> Operations => _plan.Operations;

    /// <summary>Bytes that the card holds, and that were announced.</summary>
    public (long Held, long Announced) Bytes => (_device.UsedBytes, CudaPlan.Bytes(_plan, _batch, _batch + 1));

    /// <summary>A mask that keeps each weight with a probability.</summary>
    public static Mask Some(Network network, double density)
    {
        var random = new RandomStream(1, $"test/card/{density}");
        long drawn = 0;
        return new(network, [.. network.Parameters.Select(parameter => parameter.Prunable ? Some(parameter.Count) : null)]);

        BitSet Some(int count)
        {
            var bits = new BitSet(count);
            for (int i = 0; i < count; i++) bits[i] = random.Bernoulli(drawn++, density);
            return bits;
        }
    }

    /// <summary>Scores, gradients and running statistics of one training batch, then the scores of an evaluation.</summary>
    public void Check()
    {
        Train();
        Evaluate();
    }

    public void Dispose()
    {
        _row.Dispose();
        _card.Dispose();
        _plan.Dispose();
        _commands.Dispose();
        Assert.Equal(0, _device.UsedBytes);
        _device.Dispose();
    }

    private void Train()
    {
        using TensorBuffers x = _plan.Allocate(_batch);
        using TensorBuffers dx = _plan.AllocateBackward(x);
        FillInput(x, _card.X);
        _plan.Forward(_plan.Training(x, Seed, Step));
        _card.Forward(_commands, _row.Cursor);
        AssertSame("scores", x, _card.X);
        for (int tile = 0; tile < x.Tiles.Tiles; tile++)
        {
            byte[] labels = [.. Enumerable.Range(0, x.Tiles.Examples(tile).GetOffsetAndLength(_batch).Length).Select(i => (byte)(i % _plan.Network.Outputs))];
            _plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = x.At(_plan.Output, tile), Labels = labels, Classes = _plan.Network.Outputs, Lanes = x.Tiles.Lanes, Scale = 1f / _batch,
                Loss = new double[1],
            });
        }
        _commands.Write<float>(_card.X[_plan.Output], x.All(_plan.Output));
        var gradients = new Sink(_plan.Layout.Length);
        var backward = new BackwardContext { Forward = _plan.Training(x, Seed, Step), Dx = dx, Sink = gradients };
        for (int i = _plan.BackwardSegments.Length - 1; i >= 0; i--) _plan.BackwardSegments[i].Backward(backward);
        _card.Backward(_commands, _row.Cursor);
        float[] gradient = _commands.Read<float>(_card.Gradient, _plan.Layout.Length), values = _commands.Read<float>(_card.Parameters, _plan.Layout.Length);
        foreach (ParameterRow row in _plan.Layout.Rows)
        {
            AssertSame($"gradient of {row.Parameter.Name}", gradients.Values.AsSpan(row.Offset, row.Length), gradient.AsSpan(row.Offset, row.Length));
            AssertSame(row.Parameter.Name, _plan.Values.Span.Slice(row.Offset, row.Length), values.AsSpan(row.Offset, row.Length));
        }
    }

    private void Evaluate()
    {
        using TensorBuffers x = _plan.Allocate(_batch + 1);
        FillInput(x, _card.Evaluated);
        _plan.Forward(_plan.Evaluation(x));
        _card.Evaluate(_commands);
        AssertSame("scores of an evaluation", x, _card.Evaluated);
    }

    /// <summary>The same values in the lanes of examples; features and pixels that nothing reads stay 0.</summary>
    private void FillInput(TensorBuffers x, CudaBuffers card)
    {
        PlanTensor input = _plan.Input;
        bool isFlat = input.Shape.IsFlat;
        int lanes = isFlat ? x.Tiles.Lanes : ImageLayout.Lanes;
        for (int tile = 0; tile < (isFlat ? x.Tiles.Tiles : x.Tiles.ImageTiles); tile++)
        {
            int valid = (isFlat ? x.Tiles.Examples(tile) : x.Tiles.ImageExamples(tile)).GetOffsetAndLength(x.Tiles.Count).Length;
            Span<float> values = x.At(input, tile);
            foreach (int row in _plan.InputRows)
                for (int lane = 0; lane < valid && row >= 0; lane++)
                    values[row * lanes + lane] = _random.Bernoulli(_drawn++, _zeros) ? 0 : (float)_random.Uniform(_drawn++);
        }
        _commands.Write<float>(card[input], isFlat ? x.All(input).ToArray() : ToCard(x.All(input), x.Tiles.ImageTiles));
    }

    /// <summary>Two tiles of sixteen lanes side by side.</summary>
    private static float[] ToCard(ReadOnlySpan<float> engine, int tiles)
    {
        int length = engine.Length / tiles;
        var card = new float[(tiles + 1) / 2 * 2 * length];
        for (int tile = 0; tile < tiles; tile++)
            for (int i = 0; i < length; i += 16)
                engine.Slice(tile * length + i, 16).CopyTo(card.AsSpan(tile / 2 * 2 * length + 2 * i + tile % 2 * 16));
        return card;
    }

    private void AssertSame(string what, TensorBuffers x, CudaBuffers card)
    {
        float[] scores = _commands.Read<float>(card[_plan.Output], x.All(_plan.Output).Length);
        int lanes = x.Tiles.Lanes, length = scores.Length / x.Tiles.Tiles;
        for (int tile = 0; tile < x.Tiles.Tiles; tile++)
        {
            int valid = x.Tiles.Examples(tile).GetOffsetAndLength(x.Tiles.Count).Length;
            for (int c = 0; c < _plan.Network.Outputs; c++)
                AssertSame($"{what} of class {c} in tile {tile}", x.At(_plan.Output, tile).Slice(c * lanes, valid), scores.AsSpan(tile * length + c * lanes, valid));
        }
    }

    private static void AssertSame(string what, ReadOnlySpan<float> processor, ReadOnlySpan<float> card)
    {
        int wrong = 0, first = -1;
        ReadOnlySpan<uint> a = MemoryMarshal.Cast<float, uint>(processor), b = MemoryMarshal.Cast<float, uint>(card);
        for (int i = 0; i < a.Length; i++)
            if (a[i] != b[i] && wrong++ == 0) first = i;
        if (wrong > 0) Assert.Fail($"{what}: {wrong} of {a.Length} differ, the first at {first}: {processor[first]:g9} on the processor, {card[first]:g9} on the card.");
    }

    /// <summary>Biases, scales and statistics that are neither 0 nor 1.</summary>
    private Weights Start(Mask mask, bool frozen)
    {
        Weights start = InitialWeights.Sample(mask.Network, 1);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int k = 0; k < start[p].Length; k++)
                if (mask[p] is not { } kept) start[p][k] += (float)(0.3 * Math.Abs(_random.Normal(_drawn++)));
                else if (!frozen && !kept[k]) start[p][k] = 0;
        return start;
    }

    /// <summary>Keeps the gradients of a step.</summary>
    private sealed class Sink(int length) : IGradientSink
    {
        public float[] Values { get; } = new float[length];

        public void Apply(int offset, ReadOnlySpan<float> gradient) => gradient.CopyTo(Values.AsSpan(offset));
    }
}
