using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which pooling could be slightly wrong.</summary>
internal static unsafe class BrokenPoolingKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.MaxPool), new MaxPoolTakesTheLastZero()),
        (nameof(KernelSet.MaxPool), new MaxPoolStartsAtZero()),
        (nameof(KernelSet.MaxPoolGradient), new MaxPoolGradientToTheNext()),
        (nameof(KernelSet.MaxPoolGradient), new MaxPoolGradientForgetsWhatIsLeftOver()),
        (nameof(KernelSet.MaxPoolGradient), new MaxPoolGradientForgetsGate()),
        (nameof(KernelSet.AveragePool), new AverageByReciprocal()),
        (nameof(KernelSet.AveragePoolGradient), new AverageGradientForgetsGate()),
        (nameof(KernelSet.AveragePoolGradient), new AverageGradientForgetsWhatIsLeftOver()),
        (nameof(KernelSet.GlobalAverage), new GlobalAverageByColumns()),
        (nameof(KernelSet.GlobalAverage), new GlobalAverageOfTheBorder()),
        (nameof(KernelSet.GlobalAverageGradient), new GlobalAverageGradientByReciprocal()),
        (nameof(KernelSet.GlobalAverageGradient), new GlobalAverageGradientInTheBorder()),
    ];

    private sealed class MaxPoolTakesTheLastZero : BrokenKernels
    {
        protected override void MaxPool(in PoolShape pool, float* x, float* y, float* winner)
        {
            foreach ((int result, int[] window) in PoolData.Windows(pool))
            {
                int most = 0;
                for (int i = 1; i < window.Length; i++) most = x[window[i]] >= x[window[most]] ? i : most;
                (y[result], winner[result]) = (x[window[most]], most);
            }
        }
    }

    private sealed class MaxPoolStartsAtZero : BrokenKernels
    {
        protected override void MaxPool(in PoolShape pool, float* x, float* y, float* winner)
        {
            base.MaxPool(pool, x, y, winner);
            foreach (int place in ImageData.Places(pool.Output)) y[place] = y[place] > 0 ? y[place] : 0;
        }
    }

    private sealed class MaxPoolGradientToTheNext : BrokenKernels
    {
        protected override void MaxPoolGradient(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated)
        {
            foreach (int place in ImageData.Places(pool.Input)) dx[place] = 0;
            foreach ((int result, int[] window) in PoolData.Windows(pool))
            {
                int next = Math.Min((int)winner[result] + 1, window.Length - 1);
                dx[window[next]] += gated && y[result] <= 0 ? 0 : dy[result];
            }
        }
    }

    private sealed class MaxPoolGradientForgetsWhatIsLeftOver : BrokenKernels
    {
        protected override void MaxPoolGradient(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated)
        {
            var before = new HashSet<int>(ImageData.Places(pool.Input));
            foreach ((_, int[] window) in PoolData.Windows(pool)) before.ExceptWith(window);
            base.MaxPoolGradient(pool, winner, y, dy, dx, gated);
            foreach (int place in before) dx[place] = -54321.125f;
        }
    }

    private sealed class MaxPoolGradientForgetsGate : BrokenKernels
    {
        protected override void MaxPoolGradient(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated) =>
            base.MaxPoolGradient(pool, winner, y, dy, dx, false);
    }

    private sealed class AverageByReciprocal : BrokenKernels
    {
        protected override void AveragePool(in PoolShape pool, float* x, float* y)
        {
            foreach ((int result, int[] window) in PoolData.Windows(pool))
            {
                float sum = 0;
                foreach (int place in window) sum += x[place];
                y[result] = sum * (1f / window.Length);
            }
        }
    }

    private sealed class AverageGradientForgetsGate : BrokenKernels
    {
        protected override void AveragePoolGradient(in PoolShape pool, float* dy, float* gate, float* dx) =>
            base.AveragePoolGradient(pool, dy, null, dx);
    }

    private sealed class AverageGradientForgetsWhatIsLeftOver : BrokenKernels
    {
        protected override void AveragePoolGradient(in PoolShape pool, float* dy, float* gate, float* dx)
        {
            base.AveragePoolGradient(pool, dy, gate, dx);
            if (!pool.Tiles) dx[pool.Input.Offset(0, pool.Input.Rows - 1, pool.Input.Columns - 1)] = -54321.125f;
        }
    }

    private sealed class GlobalAverageByColumns : BrokenKernels
    {
        protected override void GlobalAverage(in ImageLayout layout, float* x, float* y, int lanes)
        {
            for (int value = 0; value < 16 * layout.Channels; value++)
            {
                float sum = 0;
                for (int column = 0; column < layout.Columns; column++)
                    for (int row = 0; row < layout.Rows; row++) sum += x[layout.Offset(value / 16, row, column) + value % 16];
                y[value / 16 * lanes + value % 16] = sum / layout.Pixels;
            }
        }
    }

    private sealed class GlobalAverageOfTheBorder : BrokenKernels
    {
        protected override void GlobalAverage(in ImageLayout layout, float* x, float* y, int lanes) => base.GlobalAverage(
            layout with { Rows = layout.Rows + 2 * layout.Border, Columns = layout.Columns + 2 * layout.Border, Border = 0 }, x, y, lanes);
    }

    private sealed class GlobalAverageGradientByReciprocal : BrokenKernels
    {
        protected override void GlobalAverageGradient(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx)
        {
            foreach (int place in ImageData.Places(layout))
                dx[place] = gate is null || gate[place] > 0
                    ? dy[place / layout.ChannelStride * lanes + place % 16] * (1f / layout.Pixels)
                    : 0;
        }
    }

    private sealed class GlobalAverageGradientInTheBorder : BrokenKernels
    {
        protected override void GlobalAverageGradient(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx)
        {
            base.GlobalAverageGradient(layout, dy, lanes, gate, dx);
            if (layout.Border > 0) dx[0] = 0;
        }
    }
}
