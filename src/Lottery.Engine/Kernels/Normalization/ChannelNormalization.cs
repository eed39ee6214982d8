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

    /// <summary>The mean that is used outside training; <see cref="Train"/> updates it.</summary>
    public required Span<float> RunningMean { get; init; }

    /// <summary>The variance that is used outside training; <see cref="Train"/> updates it.</summary>
    public required Span<float> RunningVariance { get; init; }

    /// <summary>The batch's mean, which <see cref="Train"/> stores for <see cref="Backward"/>; empty where nothing trains.</summary>
    public Span<float> Mean { get; init; }

    /// <summary>1 ÷ √(the batch's variance + ε), likewise.</summary>
    public Span<float> InverseStandardDeviation { get; init; }

    /// <summary>y by the batch's own mean and variance; updates the running ones.</summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The batch's images.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="validLanes">How many lanes of each lane group hold an image; together at least 2 pixels.</param>
    /// <param name="x">The batch before.</param>
    /// <param name="y">The batch after.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public void Train(
        KernelSet kernels, in NormalizationShape shape, int channel, ReadOnlySpan<int> validLanes, ReadOnlySpan<float> x, Span<float> y,
        bool relu)
    {
        Moments moments = default;
        kernels.Run(new BatchMoments { Shape = shape, Channel = channel, ValidLanes = validLanes, X = x, Result = new(ref moments) });
        double unbiased = moments.Variance * moments.Count / (moments.Count - 1);
        RunningMean[channel] = Updated(RunningMean[channel], moments.Mean);
        RunningVariance[channel] = Updated(RunningVariance[channel], unbiased);
        Mean[channel] = moments.Mean;
        InverseStandardDeviation[channel] = (float)(1 / Math.Sqrt(moments.Variance + Epsilon));
        float scale = (float)((double)Scale[channel] * InverseStandardDeviation[channel]);
        kernels.Run(new NormalizeForward
        {
            Shape = shape, Channel = channel, LaneGroups = validLanes.Length, X = x, Y = y,
            Numbers = new(moments.Mean, scale, Bias[channel], relu),
        });
    }

    /// <summary>y by the running mean and variance.</summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The images.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="laneGroups">The number of lane groups.</param>
    /// <param name="x">The images before.</param>
    /// <param name="y">The images after.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public void Evaluate(
        KernelSet kernels, in NormalizationShape shape, int channel, int laneGroups, ReadOnlySpan<float> x, Span<float> y, bool relu) =>
        kernels.Run(new NormalizeForward
        {
            Shape = shape, Channel = channel, LaneGroups = laneGroups, X = x, Y = y, Numbers = Evaluating(channel, relu),
        });

    /// <summary>A channel's constants by the running mean and variance.</summary>
    public NormalizeForward.Constants Evaluating(int channel, bool relu)
    {
        float scale = (float)(Scale[channel] / Math.Sqrt(RunningVariance[channel] + Epsilon));
        return new(RunningMean[channel], scale, Bias[channel], relu);
    }

    /// <summary>
    /// dγ = Σ dy × x̂, dβ = Σ dy, dx = γ ÷ σ × (dy − dβ ÷ n − x̂ × dγ ÷ n) with x̂ = (x − mean) ÷ σ, after
    /// <see cref="Train"/> on the same batch.
    /// </summary>
    /// <param name="kernels">The kernels in use.</param>
    /// <param name="shape">The batch's images.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="validLanes">How many lanes of each lane group hold an image.</param>
    /// <param name="x">The batch before.</param>
    /// <param name="dy">The gradient after, 0 where a ReLU that follows is inactive.</param>
    /// <param name="dx">The gradient before; empty where no layer reads it.</param>
    /// <param name="reluMask">Whether dx is 0 wherever x ≤ 0: a ReLU computed x.</param>
    /// <returns>dγ and dβ.</returns>
    public (float Scale, float Bias) Backward(
        KernelSet kernels, in NormalizationShape shape, int channel, ReadOnlySpan<int> validLanes, ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy, Span<float> dx, bool reluMask)
    {
        float mean = Mean[channel];
        double inverse = InverseStandardDeviation[channel], count = shape.Count(validLanes);
        Span<double> sums = stackalloc double[2];
        kernels.Run(new GradientMoments
        {
            Shape = shape, Channel = channel, ValidLanes = validLanes, X = x, Dy = dy, Mean = mean, Sums = sums,
        });
        (double sum, double product) = (sums[0], sums[1]);
        if (!dx.IsEmpty)
            kernels.Run(new NormalizeBackward
            {
                Shape = shape, Channel = channel, ValidLanes = validLanes, X = x, Dy = dy, Dx = dx,
                Numbers = new(
                    mean, (float)(sum / count), (float)(product / count * inverse * inverse), (float)(Scale[channel] * inverse), reluMask),
            });
        return ((float)(product * inverse), (float)sum);
    }

    private static float Updated(float running, double latest) => (float)(running + Momentum * (latest - running));
}
