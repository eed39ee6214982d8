using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Prediction;

/// <summary>
/// x[row][lane] = values[lane][feature of that row]: from examples one after the other to the engine's layout. Only features
/// that the network uses are written.
/// </summary>
/// <remarks>Nothing is computed. Lanes from <see cref="Count"/> on are padding and become 0.</remarks>
internal unsafe ref struct Interleave : IKernel
{
    /// <summary><c>[count, features]</c>.</summary>
    public required ReadOnlySpan<float> Values;

    /// <summary>Values of an example.</summary>
    public required int Features;

    /// <summary>The number of examples, at least 1.</summary>
    public required int Count;

    /// <summary><c>[features]</c>: the row of x for each feature, or −1.</summary>
    public required ReadOnlySpan<int> TargetRows;

    /// <summary><c>[used features, lanes]</c>.</summary>
    public required Span<float> X;

    /// <summary>Lanes, a multiple of 16.</summary>
    public required int Lanes;

    public readonly void Check()
    {
        int last = -1;
        foreach (int row in TargetRows) last = Math.Max(last, row);
        IKernel.Require(TargetRows.Length == Features && Count > 0 && Count <= Lanes && Lanes % 16 == 0);
        IKernel.Require(Values.Length >= (long)Count * Features && X.Length >= (long)(last + 1) * Lanes);
    }

    public readonly void Reference()
    {
        for (int feature = 0; feature < Features; feature++)
            for (int lane = 0; lane < Lanes && TargetRows[feature] >= 0; lane++)
                X[TargetRows[feature] * Lanes + lane] = lane < Count ? Values[lane * Features + feature] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int features = Features, count = Count, lanes = Lanes;
        float* block = stackalloc float[256], columns = stackalloc float[256];
        new Span<float>(block, 256).Clear();
        fixed (float* values = Values, x = X)
        fixed (int* rows = TargetRows)
            for (int lane = 0; lane < lanes; lane += 16)
            {
                int valid = Math.Clamp(count - lane, 0, 16), feature = 0;
                float* source = values + (nint)lane * features;
                if (valid < 16) new Span<float>(block, 256).Clear();
                for (; feature + 16 <= features; feature += 16)
                {
                    if (!IsUsed(rows + feature)) continue;
                    if (valid == 16)
                    {
                        TWide.Transpose(source + feature, features, columns, 16);
                    }
                    else
                    {
                        for (int i = 0; i < valid; i++) TWide.Store(block + 16 * i, TWide.Load(source + (nint)i * features + feature));
                        TWide.Transpose(block, 16, columns, 16);
                    }
                    for (int i = 0; i < 16; i++)
                        if (rows[feature + i] >= 0) TWide.Store(x + (nint)rows[feature + i] * lanes + lane, TWide.Load(columns + 16 * i));
                }
                for (; feature < features; feature++)
                    for (int i = 0; i < 16 && rows[feature] >= 0; i++)
                        x[(nint)rows[feature] * lanes + lane + i] = i < valid ? source[(nint)i * features + feature] : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUsed(int* rows)
    {
        int all = -1;
        for (int i = 0; i < 16; i++) all &= rows[i];
        return all != -1;
    }
}
