using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Sparse;

namespace Lottery.Cuda.Operations;

/// <summary>A kept weight and the place of what it multiplies; the kernel writes the weight.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct CudaEntry(float Weight, int At);

/// <summary>Weights from one source channel to four targets: a bit for each of nine positions a target, and the first in order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct CudaPair(int Source, uint Low, uint High, int First);

/// <summary>Some weights of one output, whose gradient a warp sums.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct CudaTask(int Output, int First, int Weights, int Unused);

/// <summary>The weights from one input to four outputs, whose gradient a warp sums: a bit each, and the first in order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct CudaPatchTask(int Input, int Group, uint Low, uint High, int First, int Unused0, int Unused1, int Unused2);

/// <summary>The kept weights of a convolution in the orders in which a card's kernels read them.</summary>
internal sealed class SparseConvolutionLists
{
    /// <summary>Target channels that share a patch.</summary>
    public const int TargetsOfPatch = 4;

    private const int Lanes = CudaBuffers.ImageLanes, Positions = 9, MostInTask = 8;

    private readonly SparseConvolutionTable _table;
    private readonly (int KernelIndex, int Index)[][] _rows;

    /// <summary>The lists of a table.</summary>
    public SparseConvolutionLists(SparseConvolutionTable table)
    {
        _table = table;
        var rows = new List<(int KernelIndex, int Index)>[table.Shape.Outputs];
        for (int output = 0; output < rows.Length; output++) rows[output] = [];
        foreach ((int index, (int output, int kernelIndex)) in table.Weights().Index()) rows[output].Add((kernelIndex, index));
        _rows = [.. rows.Select(row => row.OrderBy(weight => weight.KernelIndex).ToArray())];
    }

    private ConvolutionShape Shape => _table.Shape;

    /// <summary>
    /// The sums of y, and those of dx for each remainder of row and column by the stride: for each target channel its weights in the order
    /// of accumulation. All entries lie in one array.
    /// </summary>
    public (CudaEntry[] Entries, int[] Indices, ImmutableArray<(CudaGrid Grid, int[] Starts)> Sums) Sums()
    {
        var entries = new List<CudaEntry>();
        var indices = new List<int>();
        var sums = ImmutableArray.CreateBuilder<(CudaGrid, int[])>();
        Add(CudaGrid.Forward(Shape), _rows.Select(row => row.Select(weight => (weight.Index, Under(weight.KernelIndex)))));
        for (int row = 0; row < Shape.Stride; row++)
            for (int column = 0; column < Shape.Stride; column++) Add(CudaGrid.Backward(Shape, row, column), ByInput(row, column));
        return ([.. entries], [.. indices], sums.ToImmutable());

        void Add(CudaGrid grid, IEnumerable<IEnumerable<(int Index, int At)>> targets)
        {
            var starts = new List<int> { entries.Count };
            foreach (IEnumerable<(int, int)> target in targets)
            {
                foreach ((int index, int at) in target)
                {
                    entries.Add(new(0, at));
                    indices.Add(index);
                }
                starts.Add(entries.Count);
            }
            sums.Add((grid, [.. starts]));
        }
    }

    /// <summary>
    /// The same for a 3×3 kernel of stride 1, by patches: pairs of a source and four targets, for each four targets where theirs begin, and the
    /// weights' indices in stored order, as patches meet them.
    /// </summary>
    public (CudaPair[] Pairs, int[] Starts, int[] Indices) Patches(bool backward)
    {
        int targets = backward ? Shape.Inputs : Shape.Outputs;
        var of = new List<(int Source, int Bit, int Index)>[(targets + TargetsOfPatch - 1) / TargetsOfPatch];
        for (int group = 0; group < of.Length; group++) of[group] = [];
        for (int output = 0; output < _rows.Length; output++)
            foreach ((int kernelIndex, int index) in _rows[output])
            {
                (int input, int position) = Math.DivRem(kernelIndex, Positions);
                (int target, int source) = backward ? (input, output) : (output, input);
                of[target / TargetsOfPatch].Add((source, target % TargetsOfPatch * Positions + position, index));
            }
        List<CudaPair> pairs = [];
        List<int> starts = [0], indices = [];
        foreach (var group in of)
        {
            group.Sort();
            for (int k = 0, end; k < group.Count; k = end)
            {
                int source = group[k].Source;
                ulong bits = 0;
                for (end = k; end < group.Count && group[end].Source == source && end - k < Lanes; end++)
                {
                    bits |= 1ul << group[end].Bit;
                    indices.Add(group[end].Index);
                }
                pairs.Add(new(source, (uint)bits, (uint)(bits >> 32), indices.Count - (end - k)));
            }
            starts.Add(pairs.Count);
        }
        return ([.. pairs], [.. starts], [.. indices]);
    }

    /// <summary>
    /// The gradient of weights: tasks of 8, 4, 2 and 1 weights of one output, large ones first, those of near inputs one after the other; of
    /// each weight the place of what it multiplies, and its index in stored order.
    /// </summary>
    public (CudaTask[] Tasks, int[] Offsets, int[] Indices) Tasks()
    {
        var parts = new List<(int Less, int Inputs, int Output, int From)>();
        for (int output = 0; output < _rows.Length; output++)
        {
            (int KernelIndex, int Index)[] row = _rows[output];
            for (int from = 0, size = MostInTask; from < row.Length; from += size)
            {
                while (size > row.Length - from) size /= 2;
                parts.Add((MostInTask - size, (row[from].KernelIndex + row[from + size - 1].KernelIndex) / Shape.KernelArea, output, from));
            }
        }
        parts.Sort();
        var tasks = new List<CudaTask>(parts.Count);
        var weights = new List<(int KernelIndex, int Index)>(_table.Kept);
        foreach ((int less, _, int output, int from) in parts)
        {
            tasks.Add(new(output, weights.Count, MostInTask - less, 0));
            weights.AddRange(_rows[output].AsSpan(from, MostInTask - less));
        }
        return ([.. tasks], [.. weights.Select(weight => Under(weight.KernelIndex))], [.. weights.Select(weight => weight.Index)]);
    }

    /// <summary>
    /// The same for a 3×3 kernel of stride 1, by patches: a task for each input and four outputs, those of eight inputs and eight outputs one
    /// after the other.
    /// </summary>
    public (CudaPatchTask[] Tasks, int[] Indices) PatchTasks()
    {
        var weights = new List<((int, int) Near, int Input, int Group, int Bit, int Index)>(_table.Kept);
        for (int output = 0; output < _rows.Length; output++)
            foreach ((int kernelIndex, int index) in _rows[output])
            {
                ((int input, int position), (int group, int target)) = (Math.DivRem(kernelIndex, Positions), Math.DivRem(output, TargetsOfPatch));
                weights.Add(((input / 8, group / 2), input, group, target * Positions + position, index));
            }
        weights.Sort();
        var tasks = new List<CudaPatchTask>();
        for (int k = 0, end; k < weights.Count; k = end)
        {
            (_, int input, int group, _, _) = weights[k];
            ulong bits = 0;
            for (end = k; end < weights.Count && weights[end].Input == input && weights[end].Group == group; end++) bits |= 1ul << weights[end].Bit;
            tasks.Add(new(input, group, (uint)bits, (uint)(bits >> 32), k, 0, 0, 0));
        }
        return ([.. tasks], [.. weights.Select(weight => weight.Index)]);
    }

    /// <summary>From the first x under a pixel of y to what a weight multiplies.</summary>
    private int Under(int kernelIndex) => kernelIndex / Shape.KernelArea * 2 * Shape.InputChannel
        + kernelIndex % Shape.KernelArea / Shape.Kernel * 2 * Shape.InputRow + kernelIndex % Shape.Kernel * Lanes;

    private IEnumerable<IEnumerable<(int Index, int At)>> ByInput(int row, int column)
    {
        var inputs = new List<(int, int)>[Shape.Inputs];
        for (int input = 0; input < inputs.Length; input++) inputs[input] = [];
        for (int output = 0; output < _rows.Length; output++)
            foreach ((int kernelIndex, int index) in _rows[output])
            {
                int down = row + Shape.Padding - kernelIndex % Shape.KernelArea / Shape.Kernel, right = column + Shape.Padding - kernelIndex % Shape.Kernel;
                if (down % Shape.Stride != 0 || right % Shape.Stride != 0) continue;
                int at = output * 2 * Shape.OutputChannel + down / Shape.Stride * 2 * Shape.OutputRow + right / Shape.Stride * Lanes;
                inputs[kernelIndex / Shape.KernelArea].Add((index, at));
            }
        return inputs;
    }
}
