using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>
/// How the bytes of an image become a network's input: b × high + (b × low + shift), with two fused multiply-adds in single
/// precision and three numbers for each channel. High and low are the two halves of one factor, so that the result is as good as
/// rounded once; for ÷ 255 it is the correctly rounded quotient of all 256 bytes. Numeric features, of which each is a channel of
/// its own, are scaled by the same formula.
/// </summary>
public sealed class PixelScale
{
    private readonly ImmutableArray<float> _numbers;

    /// <summary>The scale of these numbers.</summary>
    /// <param name="numbers"><c>[channels, 3]</c>: high, low and shift of each channel, all finite.</param>
    /// <exception cref="ArgumentException">They are no such numbers.</exception>
    public PixelScale(ImmutableArray<float> numbers)
    {
        if (numbers.IsDefaultOrEmpty || numbers.Length % 3 != 0 || !numbers.All(float.IsFinite))
            throw new ArgumentException("A scale has three finite numbers for each channel.", nameof(numbers));
        _numbers = numbers;
    }

    /// <summary>Every byte divided by 255, whatever the channels.</summary>
    public static PixelScale Unit { get; } = new([Halves(1.0 / 255.0).High, Halves(1.0 / 255.0).Low, 0f]);

    /// <summary>The number of channels; 1 serves images of any number.</summary>
    public int Channels => _numbers.Length / 3;

    /// <summary><c>[channels, 3]</c>: high, low, shift.</summary>
    public ReadOnlySpan<float> Numbers => _numbers.AsSpan();

    /// <summary>Each channel with mean 0 and standard deviation 1; a channel that never varies becomes 0 where it is its mean.</summary>
    /// <param name="moments">Mean and standard deviation of each channel's bytes.</param>
    public static PixelScale Standardized(params ReadOnlySpan<(double Mean, double StandardDeviation)> moments)
    {
        var numbers = ImmutableArray.CreateBuilder<float>(3 * moments.Length);
        foreach ((double mean, double deviation) in moments)
        {
            double divisor = deviation > 0 ? deviation : 1;
            (float high, float low) = Halves(1 / divisor);
            numbers.Add(high);
            numbers.Add(low);
            numbers.Add((float)(-mean / divisor));
        }
        return new(numbers.MoveToImmutable());
    }

    /// <summary>
    /// Whether examples of that shape have the scale's channels: as many as an image has, or, of a flattened
    /// vector, a divisor of its length.
    /// </summary>
    public bool Fits(Shape input) => Channels == 1 || (input.IsFlat ? input.Channels % Channels == 0 : input.Channels == Channels);

    /// <summary>What a byte becomes.</summary>
    public float Of(int channel, byte value)
    {
        ReadOnlySpan<float> three = Numbers.Slice(Channels == 1 ? 0 : 3 * channel, 3);
        return MathF.FusedMultiplyAdd(value, three[0], MathF.FusedMultiplyAdd(value, three[1], three[2]));
    }

    /// <summary>Whether it scales each of that many values by numbers of its own, as numeric features are.</summary>
    internal bool IsPerFeature(Shape input) => input.IsFlat && Channels == input.Channels;

    /// <summary>What the numeric features of one example become: each by the numbers of its own channel.</summary>
    /// <param name="features"><c>[channels]</c>, as they were measured.</param>
    /// <param name="inputs"><c>[channels]</c>, what <c>Predictor</c> takes as scaled inputs.</param>
    /// <exception cref="ArgumentException">The lengths are not the number of channels.</exception>
    public void Apply(ReadOnlySpan<float> features, Span<float> inputs)
    {
        if (features.Length != Channels || inputs.Length != Channels)
            throw new ArgumentException($"The scale is of {Channels} features; {features.Length} were given, and space for {inputs.Length}.", nameof(features));
        ReadOnlySpan<float> numbers = Numbers;
        for (int i = 0; i < features.Length; i++)
            inputs[i] = MathF.FusedMultiplyAdd(features[i], numbers[3 * i], MathF.FusedMultiplyAdd(features[i], numbers[3 * i + 1], numbers[3 * i + 2]));
    }

    private static (float High, float Low) Halves(double factor) => ((float)factor, (float)(factor - (float)factor));
}
