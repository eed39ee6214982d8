using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>
/// x[place][lane] = picture(lane)[feature(place)] ÷ 255, straight from the bytes of the data set into the engine's
/// layout: 16 × 16 blocks of bytes are transposed in registers, and only features that the network uses are written.
/// </summary>
/// <remarks>
/// The quotient is the correctly rounded one, from a reciprocal and two fused multiply-adds. Lanes from <c>count</c> on
/// are padding and become 0. Shapes: pixels <c>[examples, features]</c>, examples <c>[count]</c>, places
/// <c>[features]</c> (the row of x for each feature, or −1), x <c>[used, lanes]</c>; lanes a multiple of 16.
/// </remarks>
internal static unsafe class AssembleBatch
{
    public static void Reference(
        byte* pixels, int features, int* examples, int count, int* places, float* x, int lanes)
    {
        for (int feature = 0; feature < features; feature++)
            for (int lane = 0; lane < lanes && places[feature] >= 0; lane++)
                x[places[feature] * lanes + lane] =
                    lane < count ? pixels[(nint)examples[lane] * features + feature] / 255f : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(
        byte* pixels, int features, int* examples, int count, int* places, float* x, int lanes)
        where TWide : unmanaged, IWide<TWide>
    {
        byte** rows = stackalloc byte*[16];
        Vector128<byte>* block = stackalloc Vector128<byte>[16];
        for (int lane = 0; lane < lanes; lane += 16)
        {
            // A padding lane reads the first picture of the sixteen and is cleared afterwards.
            int live = Math.Clamp(count - lane, 0, 16);
            for (int i = 0; i < 16; i++) rows[i] = pixels + (nint)examples[i < live ? lane + i : 0] * features;
            Vector128<byte> keep = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)live));
            int feature = 0;
            for (; feature + 16 <= features; feature += 16)
            {
                bool used = false;
                for (int i = 0; i < 16; i++) used |= places[feature + i] >= 0;
                if (!used) continue;
                for (int i = 0; i < 16; i++) block[i] = Vector128.Load(rows[i] + feature);
                TransposeBytes(block);
                for (int i = 0; i < 16; i++)
                    if (places[feature + i] >= 0)
                        TWide.Store(x + (nint)places[feature + i] * lanes + lane, Unit(TWide.FromBytes(block[i] & keep)));
            }
            for (; feature < features; feature++)
                for (int i = 0; i < 16 && places[feature] >= 0; i++)
                    x[(nint)places[feature] * lanes + lane + i] = i < live ? rows[i][feature] / 255f : 0;
        }
    }

    /// <summary>b ÷ 255, correctly rounded: b × (1 ÷ 255) is off by at most the remainder that the second line adds back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Unit<TWide>(TWide b) where TWide : unmanaged, IWide<TWide>
    {
        TWide quotient = TWide.Multiply(b, TWide.Broadcast(1f / 255f));
        TWide remainder = TWide.MultiplyAdd(quotient, TWide.Broadcast(-255f), b);
        return TWide.MultiplyAdd(remainder, TWide.Broadcast(1f / 255f), quotient);
    }

    /// <summary>Four rounds of interleaving row i with row i + 8 transpose sixteen rows of sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBytes(Vector128<byte>* rows)
    {
        Vector128<byte>* other = stackalloc Vector128<byte>[16];
        for (int round = 0; round < 2; round++)
        {
            Interleave(rows, other);
            Interleave(other, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(Vector128<byte>* source, Vector128<byte>* target)
    {
        for (int i = 0; i < 8; i++)
        {
            target[2 * i] = Low(source[i], source[i + 8]);
            target[2 * i + 1] = High(source[i], source[i + 8]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b) =>
        System.Runtime.Intrinsics.X86.Sse2.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse2.UnpackLow(a, b)
            : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<byte> a, Vector128<byte> b) =>
        System.Runtime.Intrinsics.X86.Sse2.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse2.UnpackHigh(a, b)
            : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);
}
