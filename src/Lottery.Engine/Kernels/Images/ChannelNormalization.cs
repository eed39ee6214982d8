namespace Lottery.Kernels;

/// <summary>
/// Batch normalization of one channel after the other (Ioffe &amp; Szegedy 2015), numbers as PyTorch has them: ε is 10⁻⁵, a
/// running figure moves by a tenth, the running variance is unbiased.
/// </summary>
/// <remarks>
/// Channels do not touch each other's values, so that they may be split over threads without changing a bit. Constants of
/// a channel are computed in double precision and rounded once. Shapes: every span <c>[channels]</c>.
/// </remarks>
internal readonly ref struct ChannelNormalization
{
    private const double Epsilon = 1e-5, Momentum = 0.1;

    /// <summary>γ and β.</summary>
    public required ReadOnlySpan<float> Gain { get; init; }

    /// <inheritdoc cref="Gain"/>
    public required ReadOnlySpan<float> Bias { get; init; }

    /// <summary>What is used outside training; <see cref="Train"/> moves it.</summary>
    public required Span<float> RunningMean { get; init; }

    /// <inheritdoc cref="RunningMean"/>
    public required Span<float> RunningVariance { get; init; }

    /// <summary>The batch's mean, which <see cref="Train"/> leaves for <see cref="Gradient"/>; empty where nothing trains.</summary>
    public Span<float> Mean { get; init; }

    /// <summary>1 ÷ √(the batch's variance + ε), likewise.</summary>
    public Span<float> InverseDeviation { get; init; }

    /// <summary>y by the batch's own mean and variance; moves the running ones.</summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The batch's tiles.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="live">How many lanes of each tile hold an image; together at least 2 pixels.</param>
    /// <param name="x">The batch before.</param>
    /// <param name="y">The batch after.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public void Train(
        KernelSet kernels, in NormalizationShape shape, int channel, ReadOnlySpan<int> live, ReadOnlySpan<float> x, Span<float> y,
        bool relu)
    {
        Moments moments = kernels.BatchMoments(shape, channel, live, x);
        double unbiased = moments.Variance * moments.Count / (moments.Count - 1);
        RunningMean[channel] = Moved(RunningMean[channel], moments.Mean);
        RunningVariance[channel] = Moved(RunningVariance[channel], unbiased);
        Mean[channel] = moments.Mean;
        InverseDeviation[channel] = (float)(1 / Math.Sqrt(moments.Variance + Epsilon));
        float scale = (float)((double)Gain[channel] * InverseDeviation[channel]);
        kernels.Normalize(shape, channel, live.Length, x, y, new(moments.Mean, scale, Bias[channel], relu));
    }

    /// <summary>y by the running mean and variance.</summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The tiles.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="tiles">How many tiles, one after the other.</param>
    /// <param name="x">The images before.</param>
    /// <param name="y">The images after.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public void Evaluate(
        KernelSet kernels, in NormalizationShape shape, int channel, int tiles, ReadOnlySpan<float> x, Span<float> y, bool relu) =>
        kernels.Normalize(shape, channel, tiles, x, y, Evaluating(channel, relu));

    /// <summary>What a channel's values go through by the running mean and variance.</summary>
    public Normalize.Constants Evaluating(int channel, bool relu)
    {
        float scale = (float)(Gain[channel] / Math.Sqrt(RunningVariance[channel] + Epsilon));
        return new(RunningMean[channel], scale, Bias[channel], relu);
    }

    /// <summary>
    /// dγ = Σ dy × x̂, dβ = Σ dy, dx = γ ÷ σ × (dy − dβ ÷ n − x̂ × dγ ÷ n) with x̂ = (x − mean) ÷ σ, after
    /// <see cref="Train"/> on the same batch.
    /// </summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The batch's tiles.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="live">How many lanes of each tile hold an image.</param>
    /// <param name="x">The batch before.</param>
    /// <param name="dy">The gradient after, 0 where a ReLU let nothing through.</param>
    /// <param name="dx">The gradient before; empty where nobody asks for it.</param>
    /// <param name="gated">Whether dx is 0 wherever x ≤ 0: x is what a ReLU let through.</param>
    /// <returns>dγ and dβ.</returns>
    public (float Gain, float Bias) Gradient(
        KernelSet kernels, in NormalizationShape shape, int channel, ReadOnlySpan<int> live, ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy, Span<float> dx, bool gated)
    {
        float mean = Mean[channel];
        double inverse = InverseDeviation[channel], count = shape.Count(live);
        (double sum, double product) = kernels.GradientMoments(shape, channel, live, x, dy, mean);
        if (!dx.IsEmpty)
            kernels.NormalizeGradient(shape, channel, live, x, dy, dx, new(
                mean, (float)(sum / count), (float)(product / count * inverse * inverse), (float)(Gain[channel] * inverse), gated));
        return ((float)(product * inverse), (float)sum);
    }

    private static float Moved(float running, double latest) => (float)(running + Momentum * (latest - running));
}
