using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>A mask-1 action: what the kept weights become before a level trains (Zhou et al. 2019, section 3).</summary>
/// <remarks>
/// The forms <c>-same-sign</c> keep the sign of w_i, the forms <c>-final-sign</c> have that of w_f; where it is 0 the sign is
/// sampled. Random numbers come from the streams <c>mask-1/ACTION/level-L/NAME</c>, one value for each position; all forms of an
/// action use the same values.
/// </remarks>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask1(string Name)
{
    /// <summary>w_i again: the weights that the search started from, or those of a later step of the dense run.</summary>
    public static Mask1 Rewind { get; } = new Rewind(SignRule.Own);

    /// <summary>|w_i| with the sign of w_f.</summary>
    public static Mask1 RewindFinalSign { get; } = new Rewind(SignRule.Final);

    /// <summary>New weights, sampled from the layer's initial distribution.</summary>
    /// <remarks>As an action it has levels of its own; the control <c>reinit</c> takes the ticket's mask and other random numbers.</remarks>
    public static Mask1 Reinit { get; } = new Reinit(SignRule.Own);

    /// <summary>New weights with the sign of w_i.</summary>
    public static Mask1 ReinitSameSign { get; } = new Reinit(SignRule.Initial);

    /// <summary>New weights with the sign of w_f.</summary>
    public static Mask1 ReinitFinalSign { get; } = new Reinit(SignRule.Final);

    /// <summary>The layer's kept w_i, permuted among its kept positions.</summary>
    public static Mask1 Reshuffle { get; } = new Reshuffle(SignRule.Own);

    /// <summary>The layer's kept w_i, permuted among kept positions of the same sign.</summary>
    public static Mask1 ReshuffleSameSign { get; } = new Reshuffle(SignRule.Initial);

    /// <summary>The layer's kept |w_i|, permuted among its kept positions, with the sign of w_f.</summary>
    public static Mask1 ReshuffleFinalSign { get; } = new Reshuffle(SignRule.Final);

    /// <summary>
    /// +α or −α at random, as in <c>constant(0.05)</c>; without a number, α is the standard deviation of all w_i of the
    /// layer, kept or not (the root of the mean square around the mean).
    /// </summary>
    public static Mask1 Constant { get; } = new Constant(Alpha: null, SignRule.Own);

    /// <summary>α with the sign of w_i: signed constants.</summary>
    public static Mask1 ConstantSameSign { get; } = new Constant(Alpha: null, SignRule.Initial);

    /// <summary>α with the sign of w_f.</summary>
    public static Mask1 ConstantFinalSign { get; } = new Constant(Alpha: null, SignRule.Final);

    /// <summary>
    /// w_i + kσz, as in <c>noise(0.5)</c>; without a number, k is 1. z is a standard normal number of its own for each weight and
    /// level, σ the standard deviation of all w_i of the layer (Frankle &amp; Carbin 2019, appendix F: robustness to noise).
    /// </summary>
    public static Mask1 Noise { get; } = new Noise(1.0);

    /// <summary>
    /// w_f: training goes on from where the level before ended, biases and running averages included. This is fine-tuning
    /// and continued training (Frankle &amp; Carbin 2019, appendix B); with a step to rewind to, the schedule and the batches go
    /// back to that step but no weight does: learning-rate rewinding (Renda et al. 2020).
    /// </summary>
    public static Mask1 Keep { get; } = new Keep();

    /// <summary>Every mask-1 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask1> All { get; } =
    [
        Rewind, Reinit, ReinitSameSign, Reshuffle, ReshuffleSameSign, Constant, ConstantSameSign, Noise,
        RewindFinalSign, ReinitFinalSign, ReshuffleFinalSign, ConstantFinalSign, Keep,
    ];

    /// <summary>The action of that name, with a number where it takes one, as in <c>constant(0.05)</c>.</summary>
    /// <exception cref="UserException">No mask-1 action has that name.</exception>
    public static Mask1 Get(string text) =>
        Registry.Get("mask-1 action", text, All, action => action.Name, (action, alpha) => action.With(alpha));

    /// <summary>True if it needs <see cref="ActionContext.Final"/>: the weights at which the level before ended.</summary>
    public virtual bool NeedsFinal => false;

    /// <summary>True if everything that is not pruned goes on from where it ended, w_i having no part in it.</summary>
    internal virtual bool Continues => false;

    /// <summary>Writes the values from which the kept weights of one parameter start, and no others.</summary>
    /// <param name="context">The parameter, its mask and its weights.</param>
    /// <param name="start"><c>[out × in]</c>, row-major.</param>
    public abstract void Apply(in ActionContext context, Span<float> start);

    /// <summary>This action with its number; null where it takes none.</summary>
    internal virtual Mask1? With(double alpha) => null;
}

/// <summary>Where the sign of a kept weight comes from.</summary>
internal enum SignRule
{
    /// <summary>From the value itself.</summary>
    Own,

    /// <summary>From w_i.</summary>
    Initial,

    /// <summary>From w_f.</summary>
    Final,
}

/// <summary>An action in one of its forms of sign.</summary>
internal abstract record SignedMask1(string Word, SignRule Sign, double? Number = null)
    : Mask1(Word + (Sign switch { SignRule.Initial => "-same-sign", SignRule.Final => "-final-sign", _ => "" }) + Registry.Between(Number))
{
    public sealed override bool NeedsFinal => Sign == SignRule.Final;

    /// <summary>A value with the sign that the rule gives it.</summary>
    protected float Signed(in ActionContext context, int index, float value) => Sign switch
    {
        SignRule.Initial => Signs.Keep(context.Initial[index], value),
        SignRule.Final => Signs.Keep(context.Final[index], value),
        _ => value,
    };
}

/// <inheritdoc cref="Mask1.Rewind"/>
internal sealed record Rewind(SignRule Sign) : SignedMask1("rewind", Sign)
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (context.Kept[i]) start[i] = Signed(context, i, context.Initial[i]);
    }
}

/// <inheritdoc cref="Mask1.Reinit"/>
internal sealed record Reinit(SignRule Sign) : SignedMask1("reinit", Sign)
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        var sampled = new float[start.Length];
        InitialWeights.Fill(sampled, context.Network.Initial, context.Parameter, context.Random("mask-1/reinit"));
        for (int i = 0; i < start.Length; i++)
            if (context.Kept[i]) start[i] = Signed(context, i, sampled[i]);
    }
}

/// <inheritdoc cref="Mask1.Reshuffle"/>
internal sealed record Reshuffle(SignRule Sign) : SignedMask1("reshuffle", Sign)
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        if (Sign == SignRule.Initial)
        {
            Permute(context, start, Positions(context, 1.0f), "mask-1/reshuffle/positive");
            Permute(context, start, Positions(context, -1.0f), "mask-1/reshuffle/negative");
        }
        else Permute(context, start, Positions(context, 0.0f), "mask-1/reshuffle");
        for (int i = 0; Sign == SignRule.Final && i < start.Length; i++)
            if (context.Kept[i]) start[i] = Signed(context, i, start[i]);
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
/// <param name="Sign">Where the sign comes from; its own is sampled.</param>
internal sealed record Constant(double? Alpha, SignRule Sign) : SignedMask1("constant", Sign, Alpha)
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        var alpha = (float)(Alpha ?? context.StandardDeviation());
        RandomStream random = context.Random("mask-1/constant");
        for (int i = 0; i < start.Length; i++)
        {
            if (!context.Kept[i]) continue;
            start[i] = Signed(context, i, random.Bernoulli(i, 0.5) ? alpha : -alpha);
        }
    }

    internal override Mask1 With(double alpha) => new Constant(alpha, Sign);
}

/// <inheritdoc cref="Mask1.Noise"/>
/// <param name="Factor">k, above 0.</param>
internal sealed record Noise(double Factor) : Mask1("noise" + (Factor == 1.0 ? "" : Registry.Between(Factor)))
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        double deviation = Factor * context.StandardDeviation();
        RandomStream random = context.Random("mask-1/noise");
        for (int i = 0; i < start.Length; i++)
            if (context.Kept[i]) start[i] = (float)(context.Initial[i] + deviation * random.Normal(i));
    }

    internal override Mask1 With(double factor) => new Noise(factor);
}

/// <inheritdoc cref="Mask1.Keep"/>
internal sealed record Keep() : Mask1("keep")
{
    public override bool NeedsFinal => true;

    internal override bool Continues => true;

    public override void Apply(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (context.Kept[i]) start[i] = context.Final[i];
    }
}
