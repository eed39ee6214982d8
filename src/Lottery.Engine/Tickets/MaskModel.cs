using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>How likely each weight of a layer is kept, given those before it: outputs in turn, in each the inputs in turn.</summary>
/// <remarks>
/// The logit of the layer's density, plus two deviations from it, each times a weight that is learned on the way (logistic
/// mixing, as in Mahoney's PAQ): of the share that its input kept so far, and of the share that was kept where as much
/// was kept near it (<see cref="KeptNearby"/>). docs/ticket-format.md says what each saves.
/// </remarks>
internal static class MaskModel
{
    private const int Certain = 1 << Logistic.ChanceBits;

    /// <summary>Every share begins as the layer's density, which counts like so many weights.</summary>
    internal const int Before = 8;

    /// <summary>Shares of sums follow the last so many weights.</summary>
    internal const int Longest = 1023;

    internal const int InputWeight = 32_768, NearWeight = 49_152, WeightBits = 16, LearningBits = 14;

    /// <summary>Codes a layer of which <paramref name="kept"/> weights are kept; writes the bits that the coder gives back.</summary>
    public static void Code<TCoder>(ref TCoder coder, BitSet bits, int outputs, int kept, ImageGrid? grid)
        where TCoder : IBitCoder, allows ref struct
    {
        int inputs = bits.Length / outputs;
        var density = (int)(((long)kept << Logistic.ChanceBits) / bits.Length);
        int usual = Logistic.LogitOf(density);
        var near = new KeptNearby(inputs, grid);
        var shares = new int[inputs];
        shares.AsSpan().Fill(density);
        Span<Sum> sums = stackalloc Sum[KeptNearby.Sums];
        sums.Fill(new(density, Before, usual));
        int inputWeight = InputWeight, nearWeight = NearWeight;
        for (int output = 0; output < outputs; output++)
        {
            near.Clear();
            int rate = 65_536 / (output + Before + 1);
            ReadOnlySpan<byte> nearby = near.All;
            ReadOnlySpan<int> places = near.Places;
            for (int input = 0; input < shares.Length; input++)
            {
                ref int share = ref shares[input];
                int place = places[input];
                ref Sum sum = ref sums[nearby[place]];
                int fromInput = Logistic.LogitOf(share) - usual, fromNear = sum.Logit - usual;
                int logit = usual + (int)((long)inputWeight * fromInput + (long)nearWeight * fromNear + (1 << WeightBits - 1) >> WeightBits);
                int probability = Logistic.ProbabilityOf(logit);
                int index = output * inputs + input;
                bool bit = coder.Code(bits[index], probability);
                int target = bit ? Certain : 0, error = (bit ? 65_536 : 0) - probability;
                inputWeight += Learned(error, fromInput);
                nearWeight += Learned(error, fromNear);
                share += (int)((long)(target - share) * rate >> 16);
                sum.Learn(target);
                if (!bit) continue;
                bits[index] = true;
                near.Tell(place);
            }
        }
    }

    private static int Learned(int error, int deviation) => error * deviation + (1 << LearningBits - 1) >> LearningBits;

    /// <summary>The share that was kept where the sum of what is near was the same.</summary>
    private struct Sum(int share, int count, int logit)
    {
        public int Logit = logit;

        private int _share = share, _count = count;

        public void Learn(int target)
        {
            _share += (int)((long)(target - _share) * (65_536 / (_count + 1)) >> 16);
            if (_count < Longest) _count++;
            Logit = Logistic.LogitOf(_share);
        }
    }
}
