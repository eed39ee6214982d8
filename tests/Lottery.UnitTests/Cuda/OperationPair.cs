using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Kernels;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.TestSupport.Cuda;
using Lottery.UnitTests.Kernels;

namespace Lottery.UnitTests.Cuda;

/// <summary>
/// One operation of a plan, forward and backward on the same values by the engine and by a card's kernels in the emulator: where they
/// differ in any bit. What a card keeps beside an odd number of tiles is NaN, which no result may show.
/// </summary>
internal sealed class OperationPair : IDisposable
{
    private const int Lanes = ImageLayout.Lanes;

    private readonly CompiledPlan _plan;
    private readonly Operation _operation;
    private readonly CaseData _data;
    private readonly BatchTiles _tiles;
    private readonly TensorBuffers _x, _dx;
    private readonly EmulatedDevice _device;
    private readonly ICommands _commands;
    private readonly CudaBuffers _cudaX, _cudaDx;

    /// <summary>An operation on images of a plan, for a batch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="operation">Its operation.</param>
    /// <param name="batch">The most examples.</param>
    /// <param name="count">Examples of this batch.</param>
    /// <param name="seed">Decides the values.</param>
    public OperationPair(CompiledPlan plan, Operation operation, int batch, int count, int seed)
    {
        (_plan, _operation, _data, _tiles, _device) = (plan, operation, new(seed), new(batch) { Count = count }, EmulatedDevice.OrSkip());
        _ = plan.Layout;
        _x = Buffers(_ => true);
        _dx = Buffers(tensor => tensor != plan.Input);
        _commands = _device.NewStream();
        _cudaX = CudaBuffers.OfValues(_device, plan, batch);
        _cudaDx = CudaBuffers.OfGradients(_device, plan, _cudaX);
        _cudaX.Tiles.Count = count;
        Random(plan.Values.Span);
    }

    /// <summary>What differs; null if nothing does.</summary>
    public string? Difference(Func<Operation, CudaOperation> card)
    {
        Fill(_x, _cudaX, _operation.Input);
        Fill(_dx, _cudaDx, _operation.Output);
        using CudaOperation cuda = card(_operation);
        using DeviceMemory parameters = _device.Allocate<float>(_commands, _plan.Values.Span);
        using DeviceMemory gradient = _device.Allocate(sizeof(float) * Math.Max(1, _plan.Layout.Length));
        cuda.Load(_device, _commands, _cudaX);
        using var joined = new JoinedLaunches(_device, _commands, [cuda]);
        var pass = new CudaPass
        {
            Commands = _commands, X = _cudaX, Dx = _cudaDx, Parameters = parameters.Address, Gradient = gradient.Address, Training = true,
        };
        ForwardContext forward = _plan.Training(_x, 0, 0);
        _operation.BeginForward(forward);
        for (int tile = 0; tile < _tiles.ImageTiles; tile++) _operation.Forward(forward, tile, 0);
        joined.Spread(pass);
        cuda.Forward(pass);
        if (DifferenceIn("the output", _x, _cudaX, _operation.Output) is { } inOutput) return inOutput;
        var sink = new Sink();
        var backward = new BackwardContext { Forward = forward, Dx = _dx, Sink = sink };
        _operation.AllocateBackward(_tiles, 1);
        _operation.BeginBackward(backward);
        for (int tile = 0; tile < _tiles.ImageTiles; tile++) _operation.Backward(backward, tile, 0);
        _operation.EndBackward(backward);
        cuda.Backward(pass);
        joined.Add(pass);
        if (_dx.Has(_operation.Input) && DifferenceIn("the input's gradient", _dx, _cudaDx, _operation.Input) is { } inInput) return inInput;
        return Difference("the parameters' gradient", sink.Gradient, _commands.Read<float>(pass.GradientOf(_operation), _operation.Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _x.Dispose();
        _dx.Dispose();
        _cudaDx.Dispose();
        _cudaX.Dispose();
        _commands.Dispose();
        _device.Dispose();
    }

    private TensorBuffers Buffers(Func<PlanTensor, bool> has) => new(
        _tiles,
        [.. _plan.Tensors.Select(tensor => has(tensor) && !tensor.Shape.IsFlat
            ? new TileBuffer(new AlignedBuffer<float>(Math.Max(1, tensor.Layout.Length * _tiles.ImageTiles)), tensor.Layout.Length, _tiles.ImageTiles)
            : default)],
        _plan.Operations.Where(operation => operation.IndexBytes > 0).ToDictionary(
            operation => operation, operation => new AlignedBuffer<byte>(_tiles.ImageTiles * operation.IndexBytes)));

    /// <summary>Random pixels between borders of zeros.</summary>
    private void Fill(TensorBuffers engine, CudaBuffers card, PlanTensor tensor)
    {
        ImageLayout layout = tensor.Layout;
        for (int tile = 0; tile < _tiles.ImageTiles; tile++)
        {
            Span<float> values = engine.At(tensor, tile);
            for (int channel = 0; channel < layout.Channels; channel++)
                for (int row = 0; row < layout.Rows; row++) Random(values.Slice(layout.Offset(channel, row, 0), layout.Columns * Lanes));
        }
        var wide = new float[card.Length(tensor)];
        for (int i = 0; i < wide.Length; i++)
        {
            int tile = i / (2 * Math.Max(1, layout.Length)) * 2 + i / Lanes % 2, pixel = i / (2 * Lanes) % Math.Max(1, layout.Length / Lanes);
            wide[i] = tile < _tiles.ImageTiles ? engine.At(tensor, tile)[pixel * Lanes + i % Lanes] : float.NaN;
        }
        _commands.Write(card[tensor], wide);
    }

    private void Random(Span<float> target) => _data.Values(target.Length).AsSpan(0, target.Length).CopyTo(target);

    private string? DifferenceIn(string what, TensorBuffers engine, CudaBuffers card, PlanTensor tensor)
    {
        float[] wide = _commands.Read<float>(card[tensor], checked((int)card.Length(tensor)));
        int length = tensor.Layout.Length;
        for (int tile = 0; tile < _tiles.ImageTiles; tile++)
        {
            var narrow = new float[length];
            for (int i = 0; i < length; i++) narrow[i] = wide[tile / 2 * 2 * length + i / Lanes * 2 * Lanes + tile % 2 * Lanes + i % Lanes];
            if (Difference($"{what}, tile {tile}", engine.At(tensor, tile), narrow) is { } difference) return difference;
        }
        return null;
    }

    private static string? Difference(string what, ReadOnlySpan<float> engine, ReadOnlySpan<float> card)
    {
        if (engine.Length != card.Length) return $"{what}: {engine.Length} and {card.Length} values";
        for (int i = 0; i < engine.Length; i++)
            if (BitConverter.SingleToInt32Bits(engine[i]) != BitConverter.SingleToInt32Bits(card[i]))
                return $"{what} at {i}: {engine[i]:R} by the engine, {card[i]:R} by the card";
        return null;
    }

    private sealed class Sink : IGradientSink
    {
        public float[] Gradient { get; private set; } = [];

        public void Apply(int offset, ReadOnlySpan<float> gradient) => Gradient = gradient.ToArray();
    }
}
