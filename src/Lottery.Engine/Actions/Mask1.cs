using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>A mask-1 action: what the kept weights become before a level trains (Zhou et al. 2019, section 3).</summary>
/// <remarks>
/// The forms <c>-same-sign</c> keep the sign of w_i, and sample one where w_i is 0. Random numbers come from the streams
/// <c>mask-1/ACTION/level-L/NAME</c>, one value for each position; both forms of an action use the same values.
/// </remarks>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask1(string Name)
{
    /// <summary>w_i again: the weights that the search started from, or those of a later step of the dense run.</summary>
    public static Mask1 Rewind { get; } = new Rewind();

    /// <summary>New weights, sampled from the layer's initial distribution.</summary>
    /// <remarks>As an action it has levels of its own; the control <c>reinit</c> takes the ticket's mask and other random numbers.</remarks>
    public static Mask1 Reinit { get; } = new Reinit(SameSign: false);

    /// <summary>New weights with the sign of w_i.</summary>
    public static Mask1 ReinitSameSign { get; } = new Reinit(SameSign: true);

    /// <summary>The layer's kept w_i, permuted among its kept positions.</summary>
    public static Mask1 Reshuffle { get; } = new Reshuffle(SameSign: false);

    /// <summary>The layer's kept w_i, permuted among kept positions of the same sign.</summary>
    public static Mask1 ReshuffleSameSign { get; } = new Reshuffle(SameSign: true);

    /// <summary>
    /// +α or −α at random, as in <c>constant(0.05)</c>; without a number, α is the standard deviation of all w_i of the
    /// layer, kept or not (the root of the mean square around the mean).
    /// </summary>
    public static Mask1 Constant { get; } = new Constant(Alpha: null, SameSign: false);

    /// <summary>α with the sign of w_i: signed constants.</summary>
    public static Mask1 ConstantSameSign { get; } = new Constant(Alpha: null, SameSign: true);

    /// <summary>Every mask-1 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask1> All { get; } =
        [Rewind, Reinit, ReinitSameSign, Reshuffle, ReshuffleSameSign, Constant, ConstantSameSign];

    /// <summary>The action of that name, with a number where it takes one, as in <c>constant(0.05)</c>.</summary>
    /// <exception cref="UserException">No mask-1 action has that name.</exception>
    public static Mask1 Get(string text) =>
        Registry.Get("mask-1 action", text, All, action => action.Name, (action, alpha) => action.With(alpha));

    /// <summary>Writes the values from which the kept weights of one parameter start, and no others.</summary>
    /// <param name="context">The parameter, its mask and its weights.</param>
    /// <param name="start"><c>[out × in]</c>, row-major.</param>
    public abstract void Apply(in ActionContext context, Span<float> start);

    /// <summary>This action with its number; null where it takes none.</summary>
    internal virtual Mask1? With(double alpha) => null;
}

/// <inheritdoc cref="Mask1.Rewind"/>
internal sealed record Rewind() : Mask1("rewind")
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (context.Kept[i]) start[i] = context.Initial[i];
    }
}

/// <inheritdoc cref="Mask1.Reinit"/>
internal sealed record Reinit(bool SameSign) : Mask1(SameSign ? "reinit-same-sign" : "reinit")
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        var sampled = new float[start.Length];
        InitialWeights.Fill(sampled, context.Network.Initial, context.Parameter, context.Random("mask-1/reinit"));
        for (int i = 0; i < start.Length; i++)
            if (context.Kept[i]) start[i] = SameSign ? Signs.Keep(context.Initial[i], sampled[i]) : sampled[i];
    }
}

/// <inheritdoc cref="Mask1.Reshuffle"/>
internal sealed record Reshuffle(bool SameSign) : Mask1(SameSign ? "reshuffle-same-sign" : "reshuffle")
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        if (SameSign)
        {
            Permute(context, start, Positions(context, 1.0f), "mask-1/reshuffle/positive");
            Permute(context, start, Positions(context, -1.0f), "mask-1/reshuffle/negative");
        }
        else Permute(context, start, Positions(context, 0.0f), "mask-1/reshuffle");
    }

    // The kept positions whose w_i has this sign; all of them for 0. Where w_i is 0 the sign is sampled.
    private static List<int> Positions(in ActionContext context, float sign)
    {
        RandomStream random = context.Random("mask-1/reshuffle/sign");
        var positions = new List<int>();
        for (int i = 0; i < context.Initial.Length; i++)
        {
            float own = Signs.Keep(context.Initial[i], random.Bernoulli(i, 0.5) ? 1.0f : -1.0f);
            if (context.Kept[i] && own * sign >= 0.0f) positions.Add(i);
        }
        return positions;
    }

    private static void Permute(in ActionContext context, Span<float> start, List<int> positions, string stream)
    {
        var from = new List<int>(positions);
        context.Random(stream).Shuffle(CollectionsMarshal.AsSpan(from));
        for (int i = 0; i < positions.Count; i++) start[positions[i]] = context.Initial[from[i]];
    }
}

/// <inheritdoc cref="Mask1.Constant"/>
/// <param name="Alpha">α, above 0; null for the standard deviation of all w_i of the layer.</param>
/// <param name="SameSign">True to keep the sign of w_i; otherwise it is sampled.</param>
internal sealed record Constant(double? Alpha, bool SameSign)
    : Mask1((SameSign ? "constant-same-sign" : "constant") + Registry.Between(Alpha))
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        var alpha = (float)(Alpha ?? StandardDeviation(context.Initial));
        RandomStream random = context.Random("mask-1/constant");
        for (int i = 0; i < start.Length; i++)
        {
            if (!context.Kept[i]) continue;
            float sampled = random.Bernoulli(i, 0.5) ? alpha : -alpha;
            start[i] = SameSign ? Signs.Keep(context.Initial[i], sampled) : sampled;
        }
    }

    internal override Mask1 With(double alpha) => new Constant(alpha, SameSign);

    // Around the mean, divided by the number of values.
    private static double StandardDeviation(ReadOnlySpan<float> values)
    {
        double sum = 0.0, squares = 0.0;
        foreach (float value in values) sum += value;
        double mean = sum / values.Length;
        foreach (float value in values) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / values.Length);
    }
}
