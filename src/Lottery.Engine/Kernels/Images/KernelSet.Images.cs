namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.ClearBorder"/>
    public void ClearBorder(in ImageLayout layout, Span<float> target)
    {
        Require(target.Length >= layout.Length);
        fixed (float* values = target)
            ClearBorder(layout, values);
    }

    /// <inheritdoc cref="Kernels.Flatten"/>
    /// <param name="places">The units' pixels.</param>
    /// <param name="x">The image.</param>
    /// <param name="y">The flat tile.</param>
    /// <param name="lanes">Lanes of the flat tile.</param>
    /// <param name="tile">Which sixteen lanes of the flat tile the image is.</param>
    public void Flatten(ImagePlaces places, ReadOnlySpan<float> x, Span<float> y, int lanes, int tile)
    {
        Require(x.Length >= places.Layout.Length && IsTile(tile, lanes) && y.Length >= places.Offsets.Length * lanes);
        fixed (int* offsets = places.Offsets)
        fixed (float* source = x, target = y)
            Flatten(offsets, places.Offsets.Length, source, target + 16 * tile, lanes);
    }

    /// <inheritdoc cref="Kernels.FlattenGradient"/>
    /// <param name="places">The units' pixels.</param>
    /// <param name="dy">The flat tile's gradient.</param>
    /// <param name="lanes">Lanes of the flat tile.</param>
    /// <param name="tile">Which sixteen lanes of the flat tile the image is.</param>
    /// <param name="gate">The image, where a ReLU let it through, or nothing.</param>
    /// <param name="dx">The image's gradient.</param>
    public void FlattenGradient(
        ImagePlaces places, ReadOnlySpan<float> dy, int lanes, int tile, ReadOnlySpan<float> gate, Span<float> dx)
    {
        Require(dy.Length >= places.Offsets.Length * lanes && IsTile(tile, lanes) && dx.Length >= places.Layout.Length);
        Require(gate.IsEmpty || gate.Length >= places.Layout.Length);
        fixed (int* offsets = places.Offsets)
        fixed (float* gradient = dy, open = gate, target = dx)
            FlattenGradient(places.Layout, offsets, places.Offsets.Length, gradient + 16 * tile, lanes, open, target);
    }

    /// <inheritdoc cref="Kernels.Add"/>
    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, bool relu)
    {
        Require(a.Length >= y.Length && b.Length >= y.Length && y.Length % 16 == 0);
        fixed (float* first = a, second = b, target = y)
            Add(first, second, target, y.Length, relu);
    }

    /// <inheritdoc cref="Kernels.AddGated"/>
    public void AddGated(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> gate, Span<float> dx)
    {
        Require(a.Length >= dx.Length && b.Length >= dx.Length && gate.Length >= dx.Length && dx.Length % 16 == 0);
        fixed (float* first = a, second = b, open = gate, target = dx)
            AddGated(first, second, open, target, dx.Length);
    }

    /// <inheritdoc cref="Kernels.Shortcut"/>
    public void Shortcut(in ShortcutShape shape, ReadOnlySpan<int> targets, ReadOnlySpan<float> x, Span<float> y)
    {
        Require(shape.Fits && shape.Takes(targets) && x.Length >= shape.Input.Length && y.Length >= shape.Output.Length);
        fixed (int* channels = targets)
        fixed (float* source = x, target = y)
            Shortcut(shape, channels, source, target);
    }

    /// <inheritdoc cref="Kernels.ShortcutGradient"/>
    public void ShortcutGradient(
        in ShortcutShape shape, ReadOnlySpan<int> targets, ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx)
    {
        Require(shape.Fits && shape.Takes(targets) && dy.Length >= shape.Output.Length && dx.Length >= shape.Input.Length);
        Require(gate.IsEmpty || gate.Length >= shape.Input.Length);
        fixed (int* channels = targets)
        fixed (float* gradient = dy, open = gate, target = dx)
            ShortcutGradient(shape, channels, gradient, open, target);
    }

    protected abstract void ClearBorder(in ImageLayout layout, float* target);

    protected abstract void Flatten(int* offsets, int units, float* x, float* y, int lanes);

    protected abstract void FlattenGradient(
        in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx);

    protected abstract void Add(float* a, float* b, float* y, int count, bool relu);

    protected abstract void AddGated(float* a, float* b, float* gate, float* dx, int count);

    protected abstract void Shortcut(in ShortcutShape shape, int* targets, float* x, float* y);

    protected abstract void ShortcutGradient(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx);

    /// <summary>Whether sixteen lanes from 16 × <paramref name="tile"/> on are in a flat tile of as many lanes.</summary>
    private static bool IsTile(int tile, int lanes) => tile >= 0 && lanes % 16 == 0 && 16 * tile < lanes;
}
