using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Lottery.Networks;

namespace Lottery.Kernels.Elementwise;

/// <summary>
/// x[row][lane] = the scaled byte of image(lane) at feature(row), from the bytes of the data set to the engine's layout:
/// 16 × 16 blocks of bytes are transposed in registers, and only features that the network uses are written.
/// </summary>
/// <remarks>
/// A byte b becomes b × high + (b × low + shift), two fused multiply-adds, with the three numbers of its channel
/// (<see cref="PixelScale"/>): for ÷ 255 the correctly rounded quotient. Lanes without an example are padding and become 0.
/// </remarks>
internal unsafe ref struct AssembleBatch : IKernel
{
    /// <summary><c>[images, features]</c>; features are channels of equal length.</summary>
    public required ReadOnlySpan<byte> Pixels;

    /// <summary>Values of an image.</summary>
    public required int Features;

    /// <summary><c>[examples]</c>, at least 1: the image of each lane.</summary>
    public required ReadOnlySpan<int> Examples;

    /// <summary><c>[examples]</c> of the next batch, to be prefetched; or empty.</summary>
    public ReadOnlySpan<int> Next;

    /// <summary><c>[features]</c>: the row of x for each feature, or −1.</summary>
    public required ReadOnlySpan<int> TargetRows;

    /// <summary>From bytes to values, by channel.</summary>
    public required PixelScale Scale;

    /// <summary><c>[used features, lanes]</c>.</summary>
    public required Span<float> X;

    /// <summary>Lanes, a multiple of 16.</summary>
    public required int Lanes;

    public readonly void Check()
    {
        IKernel.Require(Next.IsEmpty || Next.Length >= Examples.Length);
        IKernel.Require(TargetRows.Length == Features && Examples.Length <= Lanes && Lanes % 16 == 0 && Examples.Length > 0);
        IKernel.Require(Features % Scale.Channels == 0);
    }

    public readonly void Reference()
    {
        int area = Features / Scale.Channels;
        for (int feature = 0; feature < Features; feature++)
            for (int lane = 0; lane < Lanes && TargetRows[feature] >= 0; lane++)
                X[TargetRows[feature] * Lanes + lane] = lane < Examples.Length
                    ? Value(Pixels[Examples[lane] * Features + feature], Scale.Numbers.Slice(3 * (feature / area), 3))
                    : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int features = Features, lanes = Lanes, count = Examples.Length, channels = Scale.Channels, area = features / channels;
        ReadOnlySpan<float> scale = Scale.Numbers;
        byte** images = stackalloc byte*[16];
        float* shifts = stackalloc float[16];
        fixed (byte* pixels = Pixels)
        fixed (int* examples = Examples, next = Next, rows = TargetRows)
        fixed (float* x = X)
            for (int lane = 0; lane < lanes; lane += 16)
            {
                // A padding lane reads the batch's first image; what it read is cleared, and not shifted.
                int valid = Math.Clamp(count - lane, 0, 16);
                for (int i = 0; i < 16; i++) images[i] = pixels + (nint)examples[i < valid ? lane + i : 0] * features;
                Vector128<byte> keep = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)valid));
                new Span<float>(shifts, 16).Clear();
                int* ahead = next == null ? null : next + lane;
                for (int channel = 0; channel < channels; channel++)
                {
                    int start = channel * area, end = start + area, feature = start;
                    ReadOnlySpan<float> numbers = scale.Slice(3 * channel, 3);
                    TWide high = TWide.Broadcast(numbers[0]), low = TWide.Broadcast(numbers[1]);
                    for (int i = 0; i < valid; i++) shifts[i] = numbers[2];
                    TWide shift = TWide.Load(shifts);
                    for (; feature + 16 <= end; feature += 16)
                    {
                        if (ahead != null && (feature - start) % 64 == 0) PrefetchImages(pixels + feature, features, ahead, valid);
                        if (IsUsed(rows + feature)) Block(images, feature, keep, high, low, shift, rows + feature, x + lane, lanes);
                    }
                    for (; feature < end; feature++)
                        for (int i = 0; i < 16 && rows[feature] >= 0; i++)
                            x[(nint)rows[feature] * lanes + lane + i] = i < valid ? Value(images[i][feature], numbers) : 0;
                }
            }
    }

    private static float Value(float b, ReadOnlySpan<float> scale) =>
        MathF.FusedMultiplyAdd(b, scale[0], MathF.FusedMultiplyAdd(b, scale[1], scale[2]));

    /// <summary>Images are anywhere in tens of megabytes: the next batch's are prefetched while this one is assembled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchImages(byte* pixels, nint features, int* examples, int count)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < count; i++) Sse.Prefetch1(pixels + examples[i] * features);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUsed(int* rows) =>
        ((Vector128.Load(rows) & Vector128.Load(rows + 4) & Vector128.Load(rows + 8) & Vector128.Load(rows + 12))
            .ExtractMostSignificantBits()) != 0b1111;

    /// <summary>Sixteen features of sixteen images: four rounds of interleaving row i with row i + 8 transpose them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TWide>(
        byte** images, int feature, Vector128<byte> keep, TWide high, TWide low, TWide shift, int* rows, float* x, nint lanes)
        where TWide : unmanaged, IWide<TWide>
    {
        Vector128<byte> r0 = Vector128.Load(images[0] + feature), r1 = Vector128.Load(images[1] + feature);
        Vector128<byte> r2 = Vector128.Load(images[2] + feature), r3 = Vector128.Load(images[3] + feature);
        Vector128<byte> r4 = Vector128.Load(images[4] + feature), r5 = Vector128.Load(images[5] + feature);
        Vector128<byte> r6 = Vector128.Load(images[6] + feature), r7 = Vector128.Load(images[7] + feature);
        Vector128<byte> r8 = Vector128.Load(images[8] + feature), r9 = Vector128.Load(images[9] + feature);
        Vector128<byte> ra = Vector128.Load(images[10] + feature), rb = Vector128.Load(images[11] + feature);
        Vector128<byte> rc = Vector128.Load(images[12] + feature), rd = Vector128.Load(images[13] + feature);
        Vector128<byte> re = Vector128.Load(images[14] + feature), rf = Vector128.Load(images[15] + feature);
        Vector128<byte> a0 = Low(r0, r8), a1 = High(r0, r8);
        Vector128<byte> a2 = Low(r1, r9), a3 = High(r1, r9);
        Vector128<byte> a4 = Low(r2, ra), a5 = High(r2, ra);
        Vector128<byte> a6 = Low(r3, rb), a7 = High(r3, rb);
        Vector128<byte> a8 = Low(r4, rc), a9 = High(r4, rc);
        Vector128<byte> aa = Low(r5, rd), ab = High(r5, rd);
        Vector128<byte> ac = Low(r6, re), ad = High(r6, re);
        Vector128<byte> ae = Low(r7, rf), af = High(r7, rf);
        Vector128<byte> b0 = Low(a0, a8), b1 = High(a0, a8);
        Vector128<byte> b2 = Low(a1, a9), b3 = High(a1, a9);
        Vector128<byte> b4 = Low(a2, aa), b5 = High(a2, aa);
        Vector128<byte> b6 = Low(a3, ab), b7 = High(a3, ab);
        Vector128<byte> b8 = Low(a4, ac), b9 = High(a4, ac);
        Vector128<byte> ba = Low(a5, ad), bb = High(a5, ad);
        Vector128<byte> bc = Low(a6, ae), bd = High(a6, ae);
        Vector128<byte> be = Low(a7, af), bf = High(a7, af);
        Vector128<byte> c0 = Low(b0, b8), c1 = High(b0, b8);
        Vector128<byte> c2 = Low(b1, b9), c3 = High(b1, b9);
        Vector128<byte> c4 = Low(b2, ba), c5 = High(b2, ba);
        Vector128<byte> c6 = Low(b3, bb), c7 = High(b3, bb);
        Vector128<byte> c8 = Low(b4, bc), c9 = High(b4, bc);
        Vector128<byte> ca = Low(b5, bd), cb = High(b5, bd);
        Vector128<byte> cc = Low(b6, be), cd = High(b6, be);
        Vector128<byte> ce = Low(b7, bf), cf = High(b7, bf);
        Vector128<byte> d0 = Low(c0, c8), d1 = High(c0, c8);
        Vector128<byte> d2 = Low(c1, c9), d3 = High(c1, c9);
        Vector128<byte> d4 = Low(c2, ca), d5 = High(c2, ca);
        Vector128<byte> d6 = Low(c3, cb), d7 = High(c3, cb);
        Vector128<byte> d8 = Low(c4, cc), d9 = High(c4, cc);
        Vector128<byte> da = Low(c5, cd), db = High(c5, cd);
        Vector128<byte> dc = Low(c6, ce), dd = High(c6, ce);
        Vector128<byte> de = Low(c7, cf), df = High(c7, cf);
        Put(high, low, shift, d0 & keep, rows[0], x, lanes);
        Put(high, low, shift, d1 & keep, rows[1], x, lanes);
        Put(high, low, shift, d2 & keep, rows[2], x, lanes);
        Put(high, low, shift, d3 & keep, rows[3], x, lanes);
        Put(high, low, shift, d4 & keep, rows[4], x, lanes);
        Put(high, low, shift, d5 & keep, rows[5], x, lanes);
        Put(high, low, shift, d6 & keep, rows[6], x, lanes);
        Put(high, low, shift, d7 & keep, rows[7], x, lanes);
        Put(high, low, shift, d8 & keep, rows[8], x, lanes);
        Put(high, low, shift, d9 & keep, rows[9], x, lanes);
        Put(high, low, shift, da & keep, rows[10], x, lanes);
        Put(high, low, shift, db & keep, rows[11], x, lanes);
        Put(high, low, shift, dc & keep, rows[12], x, lanes);
        Put(high, low, shift, dd & keep, rows[13], x, lanes);
        Put(high, low, shift, de & keep, rows[14], x, lanes);
        Put(high, low, shift, df & keep, rows[15], x, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TWide>(TWide high, TWide low, TWide shift, Vector128<byte> bytes, int row, float* x, nint lanes)
        where TWide : unmanaged, IWide<TWide>
    {
        if (row < 0) return;
        TWide b = TWide.FromBytes(bytes);
        TWide.Store(x + row * lanes, TWide.MultiplyAdd(b, high, TWide.MultiplyAdd(b, low, shift)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported
            ? Sse2.UnpackLow(a, b)
            : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported
            ? Sse2.UnpackHigh(a, b)
            : AdvSimd.Arm64.ZipHigh(a, b);
}
