namespace Lottery.UnitTests.Kernels;

/// <summary>Numbers that kernels stumble over: both zeros, denormal numbers, and magnitudes that make order matter.</summary>
internal sealed class CaseData(int seed)
{
    /// <summary>Values behind every target that no kernel may touch.</summary>
    public const int Guard = 48;

    private readonly Random _random = new(seed);

    /// <summary>Every tenth case has only zeros, every tenth only denormal numbers.</summary>
    private readonly int _flavour = (int)((uint)seed % 10);

    public int Below(int bound) => _random.Next(bound);

    public bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>As many values, and a guard.</summary>
    public float[] Values(int count, float scale = 1)
    {
        float[] values = Target(count);
        for (int i = 0; i < count; i++) values[i] = Value() * scale;
        return values;
    }

    /// <summary>Memory for a result, filled with a value that no result has, and a guard.</summary>
    public static float[] Target(int count)
    {
        var values = new float[count + Guard];
        Array.Fill(values, -54321.125f);
        return values;
    }

    /// <summary>Numbers of either sign between 10⁻³⁸ and 10⁻²⁰, and zeros: what stale moments are.</summary>
    public float[] Tiny(int count)
    {
        float[] values = Target(count);
        for (int i = 0; i < count; i++)
            values[i] = Chance(20) ? 0 : (float)(Signed() * Math.Pow(10, -20 - _random.Next(25)));
        return values;
    }

    /// <summary>As many bits, sixteen together, about half of them set.</summary>
    public ushort[] Bits(int count) => [.. Enumerable.Range(0, count / 16).Select(_ => (ushort)_random.Next(1 << 16))];

    private float Value() => _flavour switch
    {
        0 => Chance(50) ? 0f : -0f,
        1 => (float)(Signed() * 1e-39),
        _ => _random.Next(20) switch
        {
            < 4 => 0f,
            < 6 => -0f,
            6 => (float)(Signed() * 1e-40),
            7 => (float)(Signed() * 100),
            _ => (float)Signed(),
        },
    };

    private double Signed() => 2 * _random.NextDouble() - 1;
}
