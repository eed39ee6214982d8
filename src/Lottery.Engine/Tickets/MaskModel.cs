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
        int baseline = Logistic.LogitOf(density);
        var neighbours = new KeptNeighbours(inputs, grid);
        var fractions = new int[inputs];
        fractions.AsSpan().Fill(density);
        Span<Context> contexts = stackalloc Context[KeptNeighbours.Sums];
        contexts.Fill(new(density, PriorCount, baseline));
        int inputCoefficient = InputCoefficient, neighbourCoefficient = NeighbourCoefficient;
        for (int output = 0; output < outputs; output++)
        {
            neighbours.Clear();
            int rate = 65_536 / (output + PriorCount + 1);
            ReadOnlySpan<byte> sums = neighbours.Sum;
            ReadOnlySpan<int> positions = neighbours.Positions;
            for (int input = 0; input < fractions.Length; input++)
            {
                ref int fraction = ref fractions[input];
                int position = positions[input];
                ref Context context = ref contexts[sums[position]];
                int fromInput = Logistic.LogitOf(fraction) - baseline, fromNeighbours = context.Logit - baseline;
                int logit = baseline + (int)((long)inputCoefficient * fromInput + (long)neighbourCoefficient * fromNeighbours
                    + (1 << CoefficientBits - 1) >> CoefficientBits);
                int probability = Logistic.ProbabilityOf(logit);
                int index = output * inputs + input;
                bool bit = coder.Code(bits[index], probability);
                int target = bit ? Certain : 0, error = (bit ? 65_536 : 0) - probability;
                inputCoefficient += Update(error, fromInput);
                neighbourCoefficient += Update(error, fromNeighbours);
                fraction += (int)((long)(target - fraction) * rate >> 16);
                context.Update(target);
                if (!bit) continue;
                bits[index] = true;
                neighbours.Add(position);
            }
        }
    }

    private static int Update(int error, int correction) => error * correction + (1 << LearningBits - 1) >> LearningBits;

    /// <summary>The fraction kept among weights with the same neighbour sum.</summary>
    private struct Context(int fraction, int count, int logit)
    {
        public int Logit = logit;

        private int _fraction = fraction, _count = count;

        public void Update(int target)
        {
            _fraction += (int)((long)(target - _fraction) * (65_536 / (_count + 1)) >> 16);
            if (_count < MaxCount) _count++;
            Logit = Logistic.LogitOf(_fraction);
        }
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
