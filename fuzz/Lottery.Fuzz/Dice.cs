using Lottery.Numerics;

namespace Lottery.Fuzz;

/// <summary>The random numbers of one case: the same for the same seed, format and number, whatever was run before.</summary>
internal sealed class Dice(ulong seed, string name)
{
    private readonly RandomStream _stream = new(seed, name);
    private long _next;

    /// <summary>64 random bits.</summary>
    public ulong Bits() => _stream.Bits(_next++);

    /// <summary>An integer from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => _stream.Below(_next++, bound);

    /// <summary>True with a chance of one in <paramref name="many"/>.</summary>
    public bool OneIn(int many) => Below(many) == 0;

    /// <summary>One of <paramref name="choices"/>.</summary>
    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>A length up to <paramref name="most"/>, short ones far more often.</summary>
    public int Length(int most) => most == 0 ? 0 : Below(Math.Min(most, 1 << Below(20)) + 1);
}
