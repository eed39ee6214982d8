using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Tickets;

namespace Lottery.Bench.Measurements;

/// <summary>What may tell whether a weight is kept; the density of its layer always does.</summary>
[Flags]
internal enum Contexts
{
    None = 0,

    /// <summary>The share that its input has kept so far: a column.</summary>
    Input = 1,

    /// <summary>What was kept near it, where inputs are images.</summary>
    Near = 2,

    /// <summary>The share that its output has kept so far: a row.</summary>
    Output = 4,

    /// <summary>How many weights the unit before it keeps, to the nearest of four steps an octave.</summary>
    UnitBefore = 8,

    /// <summary>Their weights are learned on the way.</summary>
    Learned = 16,
}

/// <summary>
/// Counts the bytes that a mask would take with some contexts: the model of the ticket format where these are
/// <see cref="Chosen"/>, and what was tried beside it.
/// </summary>
internal sealed class MaskContexts
{
    public const Contexts Chosen = Contexts.Input | Contexts.Near | Contexts.Learned;

    private const int Certain = 1 << Logistic.ChanceBits, CountBits = 24, Octave = 4, OtherWeight = 13_107;

    private readonly Contexts _used;
    private readonly int[] _weights;
    private double _bits;

    private MaskContexts(Contexts used) =>
        (_used, _weights) = (used, [MaskModel.InputCoefficient, MaskModel.NeighbourCoefficient, OtherWeight, OtherWeight]);

    public static double Bytes(Mask mask, Contexts used)
    {
        double bits = 0;
        int[] before = [];
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            if (mask[p] is not { } kept) continue;
            int outputs = mask.Network.Parameters[p].Shape[0], inputs = kept.Length / outputs;
            var layer = new MaskContexts(used);
            layer.Count(kept, outputs, ImageGrid.Of(mask.Network)[p], before.Length > 0 && inputs % before.Length == 0 ? before : [0]);
            bits += CountBits + layer._bits;
            before = [.. Enumerable.Range(0, outputs).Select(output => Enumerable.Range(output * inputs, inputs).Count(i => kept[i]))];
        }
        return bits / 8;
    }

    private void Count(BitSet kept, int outputs, ImageGrid? grid, int[] before)
    {
        int inputs = kept.Length / outputs, density = (int)(((long)kept.Count() << Logistic.ChanceBits) / kept.Length);
        var neighbours = new KeptNeighbours(inputs, grid);
        Fraction Fresh() => new(density);
        Fraction[] columns = Some(inputs, Fresh), sums = Some(KeptNeighbours.Sums, Fresh), units = Some(Octave * 32, Fresh);
        for (int output = 0; output < outputs; output++)
        {
            neighbours.Clear();
            Fraction row = Fresh();
            for (int input = 0; input < inputs; input++)
            {
                int position = neighbours.Positions[input];
                bool bit = kept[output * inputs + input];
                Add(bit, density, columns[input], sums[neighbours.Sum[position]], row, units[Step(before[input / (inputs / before.Length)])]);
                if (bit) neighbours.Add(position);
            }
        }
    }

    private void Add(bool bit, int density, params ReadOnlySpan<Fraction> fractions)
    {
        int baseline = Logistic.LogitOf(density);
        long sum = 1 << MaskModel.CoefficientBits - 1;
        for (int i = 0; i < fractions.Length; i++)
            if (_used.HasFlag((Contexts)(1 << i))) sum += (long)_weights[i] * (fractions[i].Logit - baseline);
        int probability = Logistic.ProbabilityOf(baseline + (int)(sum >> MaskModel.CoefficientBits));
        _bits -= Math.Log2((bit ? probability : 65_536 - probability) / 65_536.0);
        int error = (bit ? 65_536 : 0) - probability;
        for (int i = 0; i < fractions.Length; i++)
        {
            if (_used.HasFlag(Contexts.Learned))
                _weights[i] += error * (fractions[i].Logit - baseline) + (1 << MaskModel.LearningBits - 1) >> MaskModel.LearningBits;
            fractions[i].Update(bit ? Certain : 0);
        }
    }

    private static Fraction[] Some(int count, Func<Fraction> make) => [.. Enumerable.Range(0, count).Select(_ => make())];

    private static int Step(int kept) => kept == 0 ? 0 : (int)Math.Round(Octave * Math.Log2(kept)) + 1;

    private sealed class Fraction(int density)
    {
        private int _fraction = density, _count = MaskModel.PriorCount;

        public int Logit => Logistic.LogitOf(_fraction);

        public void Update(int target)
        {
            _fraction += (int)((long)(target - _fraction) * (65_536 / (_count + 1)) >> 16);
            if (_count < MaskModel.MaxCount) _count++;
        }
    }
}
