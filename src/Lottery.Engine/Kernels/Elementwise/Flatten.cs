using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Elementwise;

/// <summary>y[feature] = x at the feature's pixel: from one lane group of images to sixteen lanes of flattened vectors.</summary>
/// <remarks>Nothing is computed.</remarks>
internal unsafe ref struct FlattenForward : IKernel
{
    /// <summary>The features' pixels.</summary>
    public required FlattenIndices Indices;

    /// <summary>One lane group of images, as <see cref="FlattenIndices.Layout"/> says.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[features, lanes]</c>.</summary>
    public required Span<float> Y;

    /// <summary>Lanes of the flattened vectors, a multiple of 16.</summary>
    public required int Lanes;

    /// <summary>Which sixteen of those lanes are written.</summary>
    public required int LaneGroup;

    public readonly void Check()
    {
        IKernel.Require(X.Length >= Indices.Layout.Length && FlattenIndices.Contains(LaneGroup, Lanes));
        IKernel.Require(Y.Length >= Indices.Offsets.Length * Lanes);
    }

    public readonly void Reference()
    {
        ReadOnlySpan<int> offsets = Indices.Offsets;
        for (int feature = 0; feature < offsets.Length; feature++)
            X.Slice(offsets[feature], 16).CopyTo(Y[(feature * Lanes + 16 * LaneGroup)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int features = Indices.Offsets.Length;
        nint lanes = Lanes;
        fixed (int* offsets = Indices.Offsets)
        fixed (float* x = X, target = Y)
        {
            float* y = target + 16 * LaneGroup;
            for (int feature = 0; feature < features; feature++, y += lanes) TWide.Store(y, TWide.Load(x + offsets[feature]));
        }
    }
}

/// <summary>dx = dy[feature] at the feature's pixel and 0 at pixels without a feature; 0 wherever the ReLU mask is ≤ 0.</summary>
/// <remarks>Nothing is computed. Where every pixel has a feature, dx need not be cleared first.</remarks>
internal unsafe ref struct FlattenBackward : IKernel
{
    /// <summary>The features' pixels.</summary>
    public required FlattenIndices Indices;

    /// <summary><c>[features, lanes]</c>.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>Lanes of the flattened vectors, a multiple of 16.</summary>
    public required int Lanes;

    /// <summary>Which sixteen of those lanes are read.</summary>
    public required int LaneGroup;

    /// <summary>The images, where a ReLU computed them; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary>The images' gradient.</summary>
    public required Span<float> Dx;

    public readonly void Check()
    {
        IKernel.Require(Dy.Length >= Indices.Offsets.Length * Lanes && FlattenIndices.Contains(LaneGroup, Lanes));
        IKernel.Require(Dx.Length >= Indices.Layout.Length && (ReluMask.IsEmpty || ReluMask.Length >= Indices.Layout.Length));
    }

    public readonly void Reference()
    {
        Indices.Layout.ClearPixels(Dx);
        ReadOnlySpan<int> offsets = Indices.Offsets;
        for (int feature = 0; feature < offsets.Length; feature++)
            for (int lane = 0; lane < 16; lane++)
            {
                int i = offsets[feature] + lane;
                Dx[i] = ReluMask.IsEmpty || ReluMask[i] > 0 ? Dy[feature * Lanes + 16 * LaneGroup + lane] : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        if (!Indices.All) Indices.Layout.ClearPixels(Dx);
        int features = Indices.Offsets.Length;
        nint lanes = Lanes;
        fixed (int* offsets = Indices.Offsets)
        fixed (float* source = Dy, mask = ReluMask, dx = Dx)
        {
            float* dy = source + 16 * LaneGroup;
            for (int feature = 0; feature < features; feature++, dy += lanes)
            {
                TWide gradient = TWide.Load(dy);
                int i = offsets[feature];
                TWide.Store(dx + i, mask is null ? gradient : TWide.WhereGreater(TWide.Load(mask + i), TWide.Zero, gradient));
            }
        }
    }
}

/// <summary>The pixels that a flattened vector reads: feature f is the f-th of them.</summary>
internal sealed class FlattenIndices
{
    private readonly int[] _offsets;

    /// <param name="layout">The image.</param>
    /// <param name="pixels">
    /// Ascending numbers of pixels, (channel × rows + row) × columns + column: PyTorch's order of a flattened image.
    /// </param>
    /// <exception cref="ArgumentException">A number is not in the image, or not above the one before it.</exception>
    public FlattenIndices(ImageLayout layout, ReadOnlySpan<int> pixels)
    {
        Layout = layout;
        _offsets = new int[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] <= (i == 0 ? -1 : pixels[i - 1]) || pixels[i] >= layout.Channels * layout.Pixels)
                throw new ArgumentException($"Pixel {pixels[i]} at index {i} is not above the one before it, or not in the image.");
            int row = pixels[i] / layout.Columns;
            _offsets[i] = layout.Offset(row / layout.Rows, row % layout.Rows, pixels[i] % layout.Columns);
        }
    }

    /// <summary>The image that the pixels are in.</summary>
    public ImageLayout Layout { get; }

    /// <summary>The first lane of each pixel in an image buffer.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Whether every pixel of the image is read.</summary>
    public bool All => _offsets.Length == Layout.Channels * Layout.Pixels;

    /// <summary>Whether there is a lane group of that number in as many lanes.</summary>
    public static bool Contains(int laneGroup, int lanes) => laneGroup >= 0 && lanes % 16 == 0 && 16 * laneGroup < lanes;
}
