using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// Every kernel, in one version: the plain loops, or the fast bodies at one vector width. All find the same bits. The
/// public face takes spans and checks that they are long enough; from there on, kernels work on addresses.
/// </summary>
internal abstract unsafe class KernelSet(string name)
{
    /// <summary><c>reference</c>, <c>vector128</c>, <c>vector256</c> or <c>vector512</c>.</summary>
    public string Name { get; } = name;

    /// <inheritdoc cref="Kernels.KeptForward"/>
    public void KeptForward(
        KeptTable table, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y,
        int lanes, bool relu)
    {
        Require(weights.Length >= table.Layout.Kept && bias.Length >= table.Layout.Rows && lanes % 16 == 0);
        Require(x.Length >= table.Inputs * lanes && y.Length >= table.Layout.Rows * lanes);
        fixed (float* w = weights, b = bias, source = x, target = y)
            KeptForward(table.Layout, w, b, source, target, lanes, relu);
    }

    /// <inheritdoc cref="Kernels.KeptInputGradient"/>
    public void KeptInputGradient(
        KeptTable table, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx, int lanes)
    {
        Require(weights.Length >= table.Layout.Kept && dy.Length >= table.Layout.Rows * lanes && lanes % 16 == 0);
        Require(x.Length >= table.Inputs * lanes && dx.Length >= table.Inputs * lanes);
        fixed (float* w = weights, d = dy, source = x, target = dx)
            KeptInputGradient(table.Columns, w, d, source, target, lanes);
    }

    /// <inheritdoc cref="Kernels.KeptWeightGradient"/>
    public void KeptWeightGradient(
        KeptTable table, int tile, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> gradient, int lanes, bool add)
    {
        (int start, int end) = table.Tile(tile);
        Require(gradient.Length >= end - start && dy.Length >= table.Layout.Rows * lanes && lanes % 16 == 0);
        Require(x.Length >= table.Inputs * lanes);
        fixed (float* source = x, d = dy, g = gradient)
            KeptWeightGradient(table.Layout, tile, source, d, g, lanes, add);
    }

    /// <inheritdoc cref="Kernels.ActiveProduct"/>
    public void ActiveProduct(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<ulong> active, int words, ReadOnlySpan<float> m, int mStride,
        ReadOnlySpan<float> start, Span<float> target, int targetStride, int rows, int columns, bool add)
    {
        Require(columns % 16 == 0 && columns <= mStride && columns <= targetStride && active.Length >= rows * words);
        Require(target.Length >= rows * targetStride && a.Length >= (rows - 1) * aStride && (start.IsEmpty || start.Length >= columns));
        fixed (float* source = a, matrix = m, first = start, result = target)
        fixed (ulong* bits = active)
            ActiveProduct(new()
            {
                A = source, AStride = aStride, Active = bits, Words = words, M = matrix, MStride = mStride, Start = first,
                Target = result, TargetStride = targetStride, Rows = rows, Columns = columns, Add = add,
            });
    }

    /// <inheritdoc cref="Kernels.ActiveBits"/>
    public void ActiveBits(ReadOnlySpan<float> a, int stride, Span<ulong> bits, int rows, int columns)
    {
        Require(columns % 16 == 0 && a.Length >= rows * stride && bits.Length >= rows * ((columns + 63) / 64));
        fixed (float* source = a)
        fixed (ulong* target = bits)
            ActiveBits(source, stride, target, rows, columns);
    }

    /// <inheritdoc cref="Kernels.Transpose"/>
    public void Transpose(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int columns)
    {
        Require(rows % 16 == 0 && columns % 16 == 0 && columns <= sourceStride && rows <= targetStride);
        Require(source.Length >= rows * sourceStride && target.Length >= columns * targetStride);
        fixed (float* from = source, to = target)
            Transpose(from, sourceStride, to, targetStride, rows, columns);
    }

    /// <inheritdoc cref="Kernels.Rectify"/>
    public void Rectify(ReadOnlySpan<float> gate, Span<float> value)
    {
        Require(gate.Length >= value.Length && value.Length % 16 == 0);
        fixed (float* g = gate, v = value)
            Rectify(g, v, value.Length);
    }

    /// <inheritdoc cref="Kernels.BiasGradient"/>
    public void BiasGradient(ReadOnlySpan<float> dy, Span<float> gradient, int rows, int lanes, bool add)
    {
        Require(dy.Length >= rows * lanes && gradient.Length >= rows && lanes % 16 == 0);
        fixed (float* d = dy, g = gradient)
            BiasGradient(d, g, rows, lanes, add);
    }

    /// <inheritdoc cref="Kernels.SoftmaxCrossEntropy"/>
    public double SoftmaxCrossEntropy(Span<float> y, ReadOnlySpan<byte> labels, int classes, int lanes, float scale)
    {
        Require(lanes is > 0 and <= 64 && lanes % 16 == 0 && labels.Length <= lanes && y.Length >= classes * lanes);
        fixed (float* values = y)
        fixed (byte* wanted = labels)
            return SoftmaxCrossEntropy(values, wanted, classes, lanes, labels.Length, scale);
    }

    /// <inheritdoc cref="Kernels.AssembleBatch"/>
    public void AssembleBatch(
        ReadOnlySpan<byte> pixels, int features, ReadOnlySpan<int> examples, ReadOnlySpan<int> next, ReadOnlySpan<int> places,
        Span<float> x, int lanes)
    {
        Require(next.IsEmpty || next.Length >= examples.Length);
        Require(places.Length == features && examples.Length <= lanes && lanes % 16 == 0 && examples.Length > 0);
        fixed (byte* source = pixels)
        fixed (int* lines = examples, ahead = next, rows = places)
        fixed (float* target = x)
            AssembleBatch(source, features, lines, examples.Length, ahead, rows, target, lanes);
    }

    /// <inheritdoc cref="Kernels.AdamUpdate"/>
    public void AdamUpdate(Span<float> w, Span<float> m, Span<float> v, ReadOnlySpan<float> g, in AdamUpdate.Constants constants)
    {
        Require(w.Length % 16 == 0 && m.Length == w.Length && v.Length == w.Length && g.Length >= w.Length);
        fixed (float* weights = w, first = m, second = v, gradient = g)
            AdamUpdate(weights, first, second, gradient, w.Length, constants);
    }

    /// <inheritdoc cref="Kernels.SgdUpdate"/>
    public void SgdUpdate(Span<float> w, Span<float> v, ReadOnlySpan<float> g, in SgdUpdate.Constants constants)
    {
        Require(w.Length % 16 == 0 && v.Length == w.Length && g.Length >= w.Length);
        fixed (float* weights = w, velocity = v, gradient = g)
            SgdUpdate(weights, velocity, gradient, w.Length, constants);
    }

    /// <inheritdoc cref="Kernels.Freeze"/>
    public void Freeze(Span<float> value, ReadOnlySpan<float> frozen, ReadOnlySpan<float> trained)
    {
        Require(value.Length % 16 == 0 && frozen.Length == value.Length && trained.Length == value.Length);
        fixed (float* v = value, f = frozen, t = trained)
            Freeze(v, f, t, value.Length);
    }

    protected abstract void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu);

    protected abstract void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes);

    protected abstract void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add);

    protected abstract void ActiveProduct(in ActiveProduct product);

    protected abstract void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns);

    protected abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns);

    protected abstract void Rectify(float* gate, float* value, int count);

    protected abstract void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add);

    protected abstract double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale);

    protected abstract void AssembleBatch(byte* pixels, int features, int* examples, int count, int* next, int* places, float* x, int lanes);

    protected abstract void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants);

    protected abstract void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants);

    protected abstract void Freeze(float* value, float* frozen, float* trained, int count);

    /// <summary>A kernel writes where it is told: a span too short would be memory overwritten, so this check stays in Release.</summary>
    [StackTraceHidden]
    private static void Require(bool condition, [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition) throw new ArgumentException($"A kernel was called with shapes that do not fit: {expression}.");
    }
}
