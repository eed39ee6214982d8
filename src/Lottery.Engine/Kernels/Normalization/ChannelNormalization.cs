namespace Lottery.Kernels.Normalization;

/// <summary>
/// Batch normalization of one channel after the other (Ioffe &amp; Szegedy 2015), with PyTorch's constants: ε is 10⁻⁵, running
/// statistics have momentum 0.1, the running variance is unbiased.
/// </summary>
/// <remarks>
/// Channels do not touch each other's values, so that they may be split over threads without changing a bit. Constants of
/// a channel are computed in double precision and rounded once. Shapes: every span <c>[channels]</c>.
/// </remarks>
internal readonly ref struct ChannelNormalization
{
    private const double Epsilon = 1e-5, Momentum = 0.1;

    /// <summary>γ, PyTorch's <c>weight</c>.</summary>
    public required ReadOnlySpan<float> Scale { get; init; }

    /// <summary>β.</summary>
    public required ReadOnlySpan<float> Bias { get; init; }

    /// <summary>The mean that is used outside training; <see cref="Measure"/> updates it.</summary>
    public required Span<float> RunningMean { get; init; }

    /// <summary>The variance that is used outside training; <see cref="Measure"/> updates it.</summary>
    public required Span<float> RunningVariance { get; init; }

    /// <summary>The batch's mean, which <see cref="Measure"/> stores; empty where nothing trains.</summary>
    public Span<float> Mean { get; init; }

    /// <summary>1 ÷ √(the batch's variance + ε), likewise.</summary>
    public Span<float> InverseStandardDeviation { get; init; }

    /// <summary>Finds the batch's own mean and variance, and updates the running ones.</summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The batch's images.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="validLanes">How many lanes of each lane group hold an image; together at least 2 pixels.</param>
    /// <param name="x">The batch before.</param>
    public void Measure(KernelSet kernels, in NormalizationShape shape, int channel, ReadOnlySpan<int> validLanes, ReadOnlySpan<float> x)
    {
        Moments moments = default;
        kernels.Run(new BatchMoments { Shape = shape, Channel = channel, ValidLanes = validLanes, X = x, Result = new(ref moments) });
        double unbiased = moments.Variance * moments.Count / (moments.Count - 1);
        RunningMean[channel] = Updated(RunningMean[channel], moments.Mean);
        RunningVariance[channel] = Updated(RunningVariance[channel], unbiased);
        Mean[channel] = moments.Mean;
        InverseStandardDeviation[channel] = (float)(1 / Math.Sqrt(moments.Variance + Epsilon));
    }

    /// <summary>A channel's constants by the batch's own mean and variance, after <see cref="Measure"/>.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public NormalizeForward.Constants Training(int channel, bool relu) =>
        new(Mean[channel], (float)((double)Scale[channel] * InverseStandardDeviation[channel]), Bias[channel], relu);

    /// <summary>A channel's constants by the running mean and variance.</summary>
    public NormalizeForward.Constants Evaluating(int channel, bool relu)
    {
        float scale = (float)(Scale[channel] / Math.Sqrt(RunningVariance[channel] + Epsilon));
        return new(RunningMean[channel], scale, Bias[channel], relu);
    }

    /// <summary>
    /// dγ = Σ dy × x̂, dβ = Σ dy, and the constants of dx = γ ÷ σ × (dy − dβ ÷ n − x̂ × dγ ÷ n) with x̂ = (x − mean) ÷ σ, after
    /// <see cref="Measure"/> on the same batch.
    /// </summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The batch's images.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="validLanes">How many lanes of each lane group hold an image.</param>
    /// <param name="x">The batch before.</param>
    /// <param name="dy">The gradient after, 0 where a ReLU that follows is inactive.</param>
    /// <param name="reluMask">Whether dx is 0 wherever x ≤ 0: a ReLU computed x.</param>
    public ChannelGradient MeasureGradient(
        KernelSet kernels, in NormalizationShape shape, int channel, ReadOnlySpan<int> validLanes, ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy, bool reluMask)
    {
        float mean = Mean[channel];
        double inverse = InverseStandardDeviation[channel], count = shape.Count(validLanes);
        Span<double> sums = stackalloc double[2];
        kernels.Run(new GradientMoments
        {
            Shape = shape, Channel = channel, ValidLanes = validLanes, X = x, Dy = dy, Mean = mean, Sums = sums,
        });
        (double sum, double product) = (sums[0], sums[1]);
        return new(
            (float)(product * inverse), (float)sum,
            new(mean, (float)(sum / count), (float)(product / count * inverse * inverse), (float)(Scale[channel] * inverse), reluMask));
    }

    private static float Updated(float running, double latest) => (float)(running + Momentum * (latest - running));
}

/// <summary>The gradient of one channel's parameters, and what that of its values needs.</summary>
/// <param name="Scale">dγ.</param>
/// <param name="Bias">dβ.</param>
/// <param name="OfValues">The constants of dx.</param>
internal readonly record struct ChannelGradient(float Scale, float Bias, NormalizeBackward.Constants OfValues);
