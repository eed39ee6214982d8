using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lottery.Networks;

namespace Lottery.Kernels.Elementwise;

/// <summary>
/// x[lane][feature] = the scaled byte of image(lane) at feature: what <see cref="AssembleBatch"/> lays out by feature, by example,
/// as the forward product of a dense layer reads it.
/// </summary>
/// <remarks>
/// A byte b becomes b × high + (b × low + shift), two fused multiply-adds, as in <see cref="AssembleBatch"/>. Lanes without an
/// example, and what lies behind the last feature, become 0.
/// </remarks>
internal unsafe ref struct AssembleRows : IKernel
{
    private const int LineBytes = 64;

    /// <summary><c>[images, features]</c>; features are channels of equal length.</summary>
    public required ReadOnlySpan<byte> Pixels;

    /// <summary>Values of an image.</summary>
    public required int Features;

    /// <summary><c>[examples]</c>: the image of each lane.</summary>
    public required ReadOnlySpan<int> Examples;

    /// <summary><c>[examples]</c> of the next batch, to be prefetched; or empty.</summary>
    public ReadOnlySpan<int> Next;

    /// <summary>From bytes to values, by channel.</summary>
    public required PixelScale Scale;

    /// <summary><c>[lanes, stride]</c>.</summary>
    public required Span<float> X;

    /// <summary>Values from one lane of x to the next, at least the features.</summary>
    public required int Stride;

    /// <summary>Lanes, at least the examples.</summary>
    public required int Lanes;

    public readonly void Check()
    {
        IKernel.Require(Next.IsEmpty || Next.Length >= Examples.Length);
        IKernel.Require(Examples.Length <= Lanes && Features <= Stride && X.Length >= Lanes * Stride && Features % Scale.Channels == 0);
    }

    public readonly void Reference()
    {
        int area = Features / Scale.Channels;
        for (int lane = 0; lane < Lanes; lane++)
            for (int feature = 0; feature < Stride; feature++)
                X[lane * Stride + feature] = lane < Examples.Length && feature < Features
                    ? Scale.Of(feature / area, Pixels[Examples[lane] * Features + feature])
                    : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int features = Features, channels = Scale.Channels, area = features / channels, count = Examples.Length;
        nint stride = Stride;
        bool prefetches = !Next.IsEmpty && Sse.IsSupported;
        ReadOnlySpan<float> scale = Scale.Numbers;
        fixed (byte* pixels = Pixels)
        fixed (float* x = X)
            for (int lane = 0; lane < count; lane++)
            {
                byte* image = pixels + (nint)Examples[lane] * features;
                if (prefetches)
                    for (byte* next = pixels + (nint)Next[lane] * features, end = next + features; next < end; next += LineBytes) Sse.Prefetch1(next);
                float* target = x + lane * stride;
                for (int channel = 0; channel < channels; channel++)
                {
                    ReadOnlySpan<float> numbers = scale.Slice(3 * channel, 3);
                    TWide high = TWide.Broadcast(numbers[0]), low = TWide.Broadcast(numbers[1]), shift = TWide.Broadcast(numbers[2]);
                    int feature = channel * area, end = feature + area;
                    for (; feature + 16 <= end; feature += 16)
                    {
                        TWide b = TWide.FromBytes(Vector128.Load(image + feature));
                        TWide.Store(target + feature, TWide.MultiplyAdd(b, high, TWide.MultiplyAdd(b, low, shift)));
                    }
                    for (; feature < end; feature++)
                        target[feature] = MathF.FusedMultiplyAdd(image[feature], numbers[0], MathF.FusedMultiplyAdd(image[feature], numbers[1], numbers[2]));
                }
                new Span<float>(target + features, (int)stride - features).Clear();
            }
        X[(count * Stride)..(Lanes * Stride)].Clear();
    }
}
