using System.Runtime.InteropServices;
using Lottery.Kernels.Dense;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Prediction;
using Lottery.Numerics;

namespace Lottery.Prediction;

/// <summary>A linear layer of which only the kept weights exist.</summary>
internal sealed class KeptUnits(SingleSparseTable table, int from, int to, bool relu) : AloneStep
{
    public override void Run(AloneRoom room) => room.Kernels.Run(new SingleSparseForward { Table = table, X = room[from], Y = room[to], Relu = relu });

    public override void Dispose() => table.Dispose();
}

/// <summary>A linear layer with all of its weights: what is zero in its input is not multiplied.</summary>
internal sealed class DenseUnits : AloneStep
{
    private readonly AlignedBuffer<float> _weights, _bias;
    private readonly int _from, _to, _bits, _rows, _columns;
    private readonly bool _relu;

    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    /// <param name="bias"><c>[outputs]</c>.</param>
    /// <param name="ends">Where the input lies, zero behind its end, and where the output goes; both have room for whole 64s.</param>
    /// <param name="bits">Room for two values for each 64 inputs.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public DenseUnits(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, (int From, int To) ends, int bits, bool relu)
    {
        int inputs = weight.Length / bias.Length;
        (_from, _to, _bits, _relu) = (ends.From, ends.To, bits, relu);
        (_rows, _columns) = ((inputs + 63) / 64 * 64, (bias.Length + 15) / 16 * 16);
        (_weights, _bias) = (new(_rows * _columns), new(_columns));
        bias.CopyTo(_bias.Span);
        for (int output = 0; output < bias.Length; output++)
            for (int input = 0; input < inputs; input++) _weights.Span[input * _columns + output] = weight[output * inputs + input];
    }

    public override void Run(AloneRoom room)
    {
        Span<ulong> active = MemoryMarshal.Cast<float, ulong>(room[_bits]);
        Span<float> x = room[_from], y = room[_to][.._columns];
        room.Kernels.Run(new NonzeroBits { A = x, Stride = _rows, Bits = active, Rows = 1, Columns = _rows });
        room.Kernels.Run(new ZeroSkippingProduct
        {
            A = x, AStride = _rows, Nonzero = active, Words = _rows / 64, M = _weights.Span, MStride = _columns, Start = _bias.Span, Target = y,
            TargetStride = _columns, Rows = 1, Columns = _columns,
        });
        if (_relu) room.Kernels.Run(new ReluMask { Mask = y, Values = y });
    }

    public override void Dispose()
    {
        _weights.Dispose();
        _bias.Dispose();
    }
}
