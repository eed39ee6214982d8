using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>The probability that each weight of a layer is kept, given those before it, in row-major order: outputs, then inputs.</summary>
/// <remarks>
/// The logit of the layer's density plus two corrections, each with a coefficient that is learned along the way (logistic
/// mixing, as in Mahoney's PAQ): one from the fraction of weights kept so far for the same input, one from the fraction
/// kept where equally many neighbours were kept (<see cref="KeptNeighbours"/>). docs/ticket-format.md gives the saving of each.
/// </remarks>
internal static class MaskModel
{
    private const int Certain = 1 << Logistic.ChanceBits;

    /// <summary>Prior weight: every fraction starts at the layer's density, as if this many weights had been seen.</summary>
    internal const int PriorCount = 8;

    /// <summary>Memory: fractions by neighbour count average over at most about this many weights.</summary>
    internal const int MaxCount = 1023;

    internal const int InputCoefficient = 32_768, NeighbourCoefficient = 49_152, CoefficientBits = 16, LearningBits = 14;

    /// <summary>Codes a layer that keeps <paramref name="kept"/> weights; sets the bits that the coder returns.</summary>
    public static void Code<TCoder>(ref TCoder coder, BitSet bits, int outputs, int kept, ImageGrid? grid)
        where TCoder : IBitCoder, allows ref struct
    {
        int inputs = bits.Length / outputs;
        var density = (int)(((long)kept << Logistic.ChanceBits) / bits.Length);
        if (grid is { } images) Code(ref coder, bits, inputs, density, new GridSums(new(inputs, images)));
        else Code(ref coder, bits, inputs, density, default(NoSums));
    }

    /// <summary>
    /// The model is a chain from bit to bit, as long as its slowest path: that from one mixing coefficient to the next. So the coder
    /// is a copy, which lives in registers, and what a bit decides is a branch, which the processor predicts, and no selection,
    /// for which it would wait.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Code<TCoder, TSums>(ref TCoder source, BitSet bits, int inputs, int density, TSums sums)
        where TCoder : IBitCoder, allows ref struct
        where TSums : struct, INeighbourSums
    {
        TCoder coder = source;
        Span<ulong> words = bits.Bits;
        ReadOnlySpan<ushort> probabilities = Logistic.ProbabilitiesOfLogits;
        ReadOnlySpan<short> logits = Logistic.LogitsOfSteps;
        int baseline = Logistic.LogitOf(density);
        var fractions = new int[inputs];
        fractions.AsSpan().Fill(density);
        Span<Context> contexts = stackalloc Context[KeptNeighbours.Sums];
        contexts.Fill(new(density, PriorCount, baseline));
        int inputCoefficient = InputCoefficient, neighbourCoefficient = NeighbourCoefficient, index = 0, count = bits.Length;
        for (int output = 0; index < count; output++)
        {
            sums.Clear();
            int rate = 65_536 / (output + PriorCount + 1);
            for (int input = 0; input < fractions.Length; input++, index++)
            {
                ref int fraction = ref fractions[input];
                ref Context context = ref contexts[sums[input]];
                int fromInput = logits[fraction >> Logistic.StepShift] - baseline, fromNeighbours = context.Logit - baseline;
                int logit = baseline + (int)((long)inputCoefficient * fromInput + (long)neighbourCoefficient * fromNeighbours
                    + (1 << CoefficientBits - 1) >> CoefficientBits);
                if ((uint)(logit + Logistic.MaxLogit) > 2 * Logistic.MaxLogit) logit = Math.Clamp(logit, -Logistic.MaxLogit, Logistic.MaxLogit);
                int probability = probabilities[logit + Logistic.MaxLogit], error, target;
                if (coder.Code((words[index >> 6] >> index & 1) != 0, probability))
                {
                    (error, target) = (65_536 - probability, Certain);
                    words[index >> 6] |= 1ul << index;
                    sums.Add(input);
                }
                else
                {
                    (error, target) = (-probability, 0);
                }
                inputCoefficient += Update(error, fromInput);
                neighbourCoefficient += Update(error, fromNeighbours);
                fraction += (int)((long)(target - fraction) * rate >> 16);
                context.Update(target, logits);
            }
        }
        source = coder;
    }

    private static int Update(int error, int correction) => error * correction + (1 << LearningBits - 1) >> LearningBits;

    /// <summary>The fraction kept among weights with the same neighbour sum.</summary>
    private struct Context(int fraction, int count, int logit)
    {
        public int Logit = logit;

        private int _fraction = fraction, _count = count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update(int target, ReadOnlySpan<short> logits)
        {
            int rate = 65_536 / (MaxCount + 1);
            if (_count < MaxCount) rate = 65_536 / ++_count;
            _fraction += (int)((long)(target - _fraction) * rate >> 16);
            Logit = logits[_fraction >> Logistic.StepShift];
        }
    }

    /// <summary>The neighbourhood sum of each input of an output.</summary>
    private interface INeighbourSums
    {
        int this[int input] { get; }

        void Clear();

        void Add(int input);
    }

    /// <summary>No input has neighbours.</summary>
    private readonly struct NoSums : INeighbourSums
    {
        public int this[int input] => 0;

        public void Clear()
        {
        }

        public void Add(int input)
        {
        }
    }

    /// <summary>The inputs lie in images.</summary>
    private readonly struct GridSums(KeptNeighbours neighbours) : INeighbourSums
    {
        public int this[int input]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => neighbours.Sum[neighbours.Positions[input]];
        }

        public void Clear() => neighbours.Clear();

        public void Add(int input) => neighbours.Add(neighbours.Positions[input]);
    }
}

/// <summary>
/// For every input of one output, a weighted count of the kept inputs before it in the neighbourhood: 3 for the position to
/// the left and the one above, 2 for the diagonals and two steps away, 1 for a knight's move; at most 18 in all.
/// </summary>
/// <remarks>
/// A kept position adds to those after it, since kept ones are few. Images are padded by two columns and rows, which absorb
/// what is added beyond the edge.
/// </remarks>
internal sealed class KeptNeighbours
{
    private const int Padding = 2;

    /// <summary>One more than the largest sum.</summary>
    public const int Sums = 19;

    private readonly byte[] _sums;
    private readonly int _stride;

    /// <summary>For a layer whose inputs lie in <paramref name="grid"/>; without a grid, no input has neighbours.</summary>
    public KeptNeighbours(int inputs, ImageGrid? grid)
    {
        Positions = new int[inputs];
        if (grid is not { } images)
        {
            _sums = new byte[1];
            return;
        }
        _stride = images.Width + Padding;
        int rows = images.Height + Padding;
        for (int i = 0; i < inputs; i++)
        {
            (int line, int column) = (i / images.Width, i % images.Width);
            Positions[i] = (line / images.Height * rows + line % images.Height) * _stride + column;
        }
        _sums = new byte[images.Channels * rows * _stride + Padding];
    }

    /// <summary>The index of each input in <see cref="Sum"/>.</summary>
    public int[] Positions { get; }

    /// <summary>The sums so far, by position.</summary>
    public ReadOnlySpan<byte> Sum => _sums;

    /// <summary>Starts the next output.</summary>
    public void Clear() => Array.Clear(_sums);

    /// <summary>Adds a kept input to the sums of its neighbours.</summary>
    public void Add(int position)
    {
        if (_stride == 0) return;
        Span<byte> after = _sums.AsSpan(position);
        after[1] += 3;
        after[2] += 2;
        after = after[(_stride - 2)..];
        after[0]++;
        after[1] += 2;
        after[2] += 3;
        after[3] += 2;
        after[4]++;
        after = after[(_stride + 1)..];
        after[0]++;
        after[1] += 2;
        after[2]++;
    }
}
