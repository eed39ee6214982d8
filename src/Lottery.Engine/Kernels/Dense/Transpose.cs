using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Dense;

/// <summary>
/// target[c][r] = source[r][c] over blocks of 16 × 16: from <c>[feature][lane]</c> to <c>[lane][feature]</c> and back.
/// </summary>
/// <remarks>Nothing is computed.</remarks>
internal unsafe ref struct Transpose : IKernel
{
    /// <summary><c>[rows, source stride]</c>.</summary>
    public required ReadOnlySpan<float> Source;

    /// <summary>Values from one row of the source to the next.</summary>
    public required int SourceStride;

    /// <summary><c>[columns, target stride]</c>.</summary>
    public required Span<float> Target;

    /// <summary>Values from one row of the target to the next.</summary>
    public required int TargetStride;

    /// <summary>Rows and columns of the source, multiples of 16.</summary>
    public required int Rows, Columns;

    public readonly void Check()
    {
        IKernel.Require(Rows % 16 == 0 && Columns % 16 == 0 && Columns <= SourceStride && Rows <= TargetStride);
        IKernel.Require(Source.Length >= Rows * SourceStride && Target.Length >= Columns * TargetStride);
    }

    public readonly void Reference()
    {
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                Target[column * TargetStride + row] = Source[row * SourceStride + column];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        nint sourceStride = SourceStride, targetStride = TargetStride;
        fixed (float* source = Source, target = Target)
            for (int row = 0; row < Rows; row += 16)
                for (int column = 0; column < Columns; column += 16)
                    TWide.Transpose(source + row * sourceStride + column, sourceStride, target + column * targetStride + row, targetStride);
    }

    /// <summary>One block of 16 × 16, value by value.</summary>
    public static void Block(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (int row = 0; row < 16; row++)
            for (int column = 0; column < 16; column++)
                target[column * targetStride + row] = source[row * sourceStride + column];
    }
}
