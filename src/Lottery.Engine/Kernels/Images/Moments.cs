namespace Lottery.Kernels;

/// <summary>Mean and variance of a channel over the pixels of all images of a batch.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Variance">Σ (x − mean)² ÷ count.</param>
/// <param name="Count">How many values there are, at least 2.</param>
internal readonly record struct Moments(float Mean, double Variance, int Count);
