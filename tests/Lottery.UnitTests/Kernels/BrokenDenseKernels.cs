using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which the kernels of dense layers could be slightly wrong.</summary>
internal static unsafe class BrokenDenseKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.ActiveProduct), new ProductLastBit()),
        (nameof(KernelSet.ActiveProduct), new ProductDescends()),
        (nameof(KernelSet.ActiveProduct), new ProductForgetsToAdd()),
        (nameof(KernelSet.ActiveProduct), new ProductForgetsStart()),
        (nameof(KernelSet.ActiveProduct), new ProductForgetsLastWord()),
        (nameof(KernelSet.ActiveProduct), new ProductForgetsTail()),
        (nameof(KernelSet.ActiveBits), new BitsOfNegativeZero()),
        (nameof(KernelSet.ActiveBits), new BitsForgetTail()),
        (nameof(KernelSet.Transpose), new TransposeExchangesTwo()),
        (nameof(KernelSet.Transpose), new TransposeForgetsTail()),
    ];

    private sealed class ProductLastBit : BrokenKernels
    {
        protected override void ActiveProduct(in ActiveProduct p)
        {
            base.ActiveProduct(p);
            FlipLastBit(p.Target + (p.Rows - 1) * p.TargetStride + p.Columns - 1);
        }
    }

    private sealed class ProductDescends : BrokenKernels
    {
        protected override void ActiveProduct(in ActiveProduct p)
        {
            for (int row = 0; row < p.Rows; row++)
                for (int column = 0; column < p.Columns; column++)
                {
                    float* target = p.Target + row * p.TargetStride + column;
                    float sum = p.Add ? *target : p.Start == null ? 0 : p.Start[column];
                    for (int j = 64 * p.Words - 1; j >= 0; j--)
                        if ((p.Active[row * p.Words + j / 64] >> j & 1) != 0)
                            sum = MathF.FusedMultiplyAdd(p.A[row * p.AStride + j], p.M[j * p.MStride + column], sum);
                    *target = sum;
                }
        }
    }

    private sealed class ProductForgetsToAdd : BrokenKernels
    {
        protected override void ActiveProduct(in ActiveProduct p) => base.ActiveProduct(p with { Add = false });
    }

    private sealed class ProductForgetsStart : BrokenKernels
    {
        protected override void ActiveProduct(in ActiveProduct p) => base.ActiveProduct(p with { Start = null });
    }

    private sealed class ProductForgetsLastWord : BrokenKernels
    {
        protected override void ActiveProduct(in ActiveProduct p)
        {
            for (int row = 0; p.Words > 1 && row < p.Rows; row++) p.Active[row * p.Words + p.Words - 1] = 0;
            base.ActiveProduct(p);
        }
    }

    private sealed class ProductForgetsTail : BrokenKernels
    {
        protected override void ActiveProduct(in ActiveProduct p) => base.ActiveProduct(p with { Columns = p.Columns - 16 });
    }

    private sealed class BitsOfNegativeZero : BrokenKernels
    {
        protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns)
        {
            base.ActiveBits(a, stride, bits, rows, columns);
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++)
                    if (float.IsNegative(a[row * stride + column])) bits[row * ((columns + 63) / 64) + column / 64] |= 1UL << column;
        }
    }

    private sealed class BitsForgetTail : BrokenKernels
    {
        protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns)
        {
            base.ActiveBits(a, stride, bits, rows, columns);
            bits[rows * ((columns + 63) / 64) - 1] &= ulong.MaxValue >> 1;
        }
    }

    private sealed class TransposeExchangesTwo : BrokenKernels
    {
        protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
        {
            base.Transpose(source, sourceStride, target, targetStride, rows, columns);
            Swap(target + 7, target + 8);
        }
    }

    private sealed class TransposeForgetsTail : BrokenKernels
    {
        protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
            base.Transpose(source, sourceStride, target, targetStride, rows, columns - 16);
    }
}
