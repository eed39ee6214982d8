using System.Collections.Immutable;
using System.Globalization;
using Lottery.Numerics;

namespace Lottery.Networks;

/// <summary>The distribution that a weight is sampled from before training; biases start at zero. Equal names are one distribution.</summary>
public sealed record InitialDistribution
{
    private const string NormalWord = "normal";

    private readonly Form _form;
    private readonly Func<Parameter, double> _variance;

    private InitialDistribution(string name, Form form, Func<Parameter, double> variance) => (Name, _form, _variance) = (name, form, variance);

    private enum Form
    {
        Truncated,
        Normal,
        Uniform,
    }

    /// <summary>Standard deviation √(2 ÷ (fan-in + fan-out)), truncated at two standard deviations and rescaled to the nominal one.</summary>
    public static InitialDistribution GlorotNormal { get; } = new("glorot-normal", Form.Truncated, Glorot);

    /// <summary>Standard deviation √(2 ÷ (fan-in + fan-out)), not truncated.</summary>
    public static InitialDistribution GlorotNormalPlain { get; } = new("glorot-normal-plain", Form.Normal, Glorot);

    /// <summary>Uniform in ±√(6 ÷ (fan-in + fan-out)).</summary>
    public static InitialDistribution GlorotUniform { get; } = new("glorot-uniform", Form.Uniform, Glorot);

    /// <summary>Standard deviation √(2 ÷ fan-in), not truncated (He et al. 2015; PyTorch calls it Kaiming normal).</summary>
    public static InitialDistribution HeNormal { get; } = new("he-normal", Form.Normal, He);

    /// <summary>Uniform in ±√(6 ÷ fan-in).</summary>
    public static InitialDistribution HeUniform { get; } = new("he-uniform", Form.Uniform, He);

    /// <summary>Standard deviation √(1 ÷ fan-in), not truncated.</summary>
    public static InitialDistribution LecunNormal { get; } = new("lecun-normal", Form.Normal, parameter => 1.0 / parameter.FanIn);

    /// <summary>Those without a number, in the order in which they are listed.</summary>
    public static ImmutableArray<InitialDistribution> All { get; } =
        [GlorotNormal, GlorotNormalPlain, GlorotUniform, HeNormal, HeUniform, LecunNormal];

    /// <summary>Its name in files and on the command line: <c>glorot-normal</c>, <c>normal(0.05)</c>.</summary>
    public string Name { get; }

    /// <summary>Standard deviation <paramref name="deviation"/> in every layer, not truncated: <c>normal(0.05)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public static InitialDistribution Normal(double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        return new(NormalWord + Registry.Between(deviation), Form.Normal, _ => deviation * deviation) { Deviation = deviation };
    }

    /// <summary>The distribution of that name.</summary>
    /// <exception cref="UserException">No distribution is called that; the message names the nearest, or all.</exception>
    public static InitialDistribution Get(string name)
    {
        const NumberStyles Unsigned = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string word = Registry.NameIn(name);
        if (word == NormalWord)
        {
            string between = name == word ? "" : name[(word.Length + 1)..^1];
            return double.TryParse(between, Unsigned, CultureInfo.InvariantCulture, out double deviation) && deviation > 0.0 && double.IsFinite(deviation)
                ? Normal(deviation)
                : throw new UserException($"The initial distribution normal takes its standard deviation, a number above 0, as in normal(0.05), and '{name}' has none.");
        }
        return All.FirstOrDefault(one => one.Name == name)
            ?? throw Registry.Unknown("initial distribution", name, All.Select(one => one.Name), ", or its standard deviation as in normal(0.05)");
    }

    /// <summary>The nominal standard deviation of the weights of <paramref name="parameter"/>.</summary>
    public double StandardDeviation(Parameter parameter) => Deviation ?? Math.Sqrt(_variance(parameter));

    /// <inheritdoc/>
    public bool Equals(InitialDistribution? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>The standard deviation that its name states; null where it follows from the layer.</summary>
    private double? Deviation { get; init; }

    /// <summary>What a value of its form is multiplied by.</summary>
    internal double Scale(Parameter parameter) => _form switch
    {
        Form.Truncated => StandardDeviation(parameter) / NormalDistribution.TruncatedStandardDeviation,
        Form.Uniform => Math.Sqrt(3.0 * _variance(parameter)),
        _ => StandardDeviation(parameter),
    };

    /// <summary>Value <paramref name="index"/> of a stream, with <see cref="Scale"/>.</summary>
    internal float Value(double scale, RandomStream random, int index) => (float)(_form switch
    {
        Form.Truncated => random.TruncatedNormal(index) * scale,
        Form.Uniform => (2.0 * random.Uniform(index) - 1.0) * scale,
        _ => random.Normal(index) * scale,
    });

    private static double Glorot(Parameter parameter) => 2.0 / ((double)parameter.FanIn + parameter.FanOut);

    private static double He(Parameter parameter) => 2.0 / parameter.FanIn;
}
