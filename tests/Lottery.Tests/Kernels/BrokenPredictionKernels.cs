using Lottery.Kernels;

namespace Lottery.Tests;

/// <summary>Ways in which kernels of prediction could be slightly wrong.</summary>
internal static unsafe class BrokenPredictionKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.Interleave), new InterleaveForgetsPadding()),
        (nameof(KernelSet.Interleave), new InterleaveForgetsTail()),
    ];

    private sealed class InterleaveForgetsPadding : BrokenKernels
    {
        protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes)
        {
            for (int feature = 0; feature < features; feature++)
                for (int lane = 0; lane < count && places[feature] >= 0; lane++)
                    x[places[feature] * lanes + lane] = values[lane * features + feature];
        }
    }

    private sealed class InterleaveForgetsTail : BrokenKernels
    {
        protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes)
        {
            int last = places[features - 1];
            places[features - 1] = -1;
            base.Interleave(values, features, count, places, x, lanes);
            places[features - 1] = last;
        }
    }
}
