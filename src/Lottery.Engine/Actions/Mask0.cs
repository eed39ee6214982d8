using System.Collections.Immutable;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>A mask-0 action: the values at which the pruned weights are frozen (Zhou et al. 2019, section 4).</summary>
/// <remarks>
/// An action that depends on w_f decides at the level that prunes a weight; later levels leave the weight where it was
/// frozen. Random numbers come from the streams <c>mask-0/ACTION/level-L/NAME</c>.
/// </remarks>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask0(string Name)
{
    /// <summary>0: the weights are removed.</summary>
    public static Mask0 Zero { get; } = new Zero();

    /// <summary>w_i: the weights stay at their initial values.</summary>
    public static Mask0 Initial { get; } = new FreezeInitial();

    /// <summary>0 where the level before made the weight smaller than it was trained from; w_i elsewhere (variant 1).</summary>
    public static Mask0 ZeroIfDecreased { get; } = new ZeroIfDecreased(KeptToo: false);

    /// <summary>
    /// Variant 1; and kept weights that became smaller start at 0, whatever the mask-1 action, and train (variant 2).
    /// </summary>
    public static Mask0 ZeroIfDecreasedKeptToo { get; } = new ZeroIfDecreased(KeptToo: true);

    /// <summary>0 where the level before made the weight larger; w_i elsewhere (a control of variant 1).</summary>
    public static Mask0 ZeroIfIncreased { get; } = new ZeroIfIncreased();

    /// <summary>As many zeros in the layer as variant 1 makes, at random positions; w_i elsewhere (a control of variant 1).</summary>
    public static Mask0 ZeroRandom { get; } = new ZeroRandom();

    /// <summary>Every mask-0 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask0> All { get; } =
        [Zero, Initial, ZeroIfDecreased, ZeroIfDecreasedKeptToo, ZeroIfIncreased, ZeroRandom];

    /// <summary>The action called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">No mask-0 action has that name.</exception>
    public static Mask0 Get(string name) =>
        Registry.Get("mask-0 action", name, All, action => action.Name, (_, _) => null);

    /// <summary>True if pruned weights are 0 and need not exist; otherwise they take part in the network, frozen.</summary>
    public virtual bool IsZero => false;

    /// <summary>True if it needs <see cref="ActionContext.KeptBefore"/>, <see cref="ActionContext.InitialBefore"/> and <see cref="ActionContext.Final"/>.</summary>
    public virtual bool NeedsFinal => false;

    /// <summary>Writes the values of one parameter's pruned weights, after the mask-1 action has written the kept ones.</summary>
    /// <param name="context">The parameter, its mask and its weights.</param>
    /// <param name="start"><c>[out × in]</c>, row-major. An action may override kept weights too if its paper says so.</param>
    public abstract void Apply(in ActionContext context, Span<float> start);
}

/// <inheritdoc cref="Mask0.Zero"/>
internal sealed record Zero() : Mask0("zero")
{
    public override bool IsZero => true;

    public override void Apply(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (!context.Kept[i]) start[i] = 0.0f;
    }
}

/// <inheritdoc cref="Mask0.Initial"/>
internal sealed record FreezeInitial() : Mask0("initial")
{
    public override void Apply(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (!context.Kept[i]) start[i] = context.Initial[i];
    }
}

/// <summary>Freezes some of the newly pruned weights at 0 and the others at w_i.</summary>
internal abstract record ZeroWhere(string Name) : Mask0(Name)
{
    public sealed override bool NeedsFinal => true;

    public sealed override void Apply(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (!context.Kept[i]) start[i] = context.IsNewlyPruned(i) ? context.Initial[i] : context.Final[i];
        SetZeros(context, start);
    }

    /// <summary>Writes the zeros; every pruned weight is already at w_i, or where an earlier level froze it.</summary>
    protected abstract void SetZeros(in ActionContext context, Span<float> start);
}

/// <inheritdoc cref="Mask0.ZeroIfDecreased"/>
/// <param name="KeptToo">True if kept weights that became smaller start at 0 too, whatever the mask-1 action.</param>
internal sealed record ZeroIfDecreased(bool KeptToo) : ZeroWhere(KeptToo ? "zero-if-decreased-kept-too" : "zero-if-decreased")
{
    protected override void SetZeros(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if ((context.IsNewlyPruned(i) || (KeptToo && context.Kept[i])) && context.Decreased(i)) start[i] = 0.0f;
    }
}

/// <inheritdoc cref="Mask0.ZeroIfIncreased"/>
internal sealed record ZeroIfIncreased() : ZeroWhere("zero-if-increased")
{
    protected override void SetZeros(in ActionContext context, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (context.IsNewlyPruned(i) && context.Increased(i)) start[i] = 0.0f;
    }
}

/// <inheritdoc cref="Mask0.ZeroRandom"/>
internal sealed record ZeroRandom() : ZeroWhere("zero-random")
{
    protected override void SetZeros(in ActionContext context, Span<float> start)
    {
        var pruned = new List<int>();
        int count = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (!context.IsNewlyPruned(i)) continue;
            pruned.Add(i);
            if (context.Decreased(i)) count++;
        }
        foreach (int i in RandomSubset.Choose(pruned, count, context.Random("mask-0/zero-random"))) start[i] = 0.0f;
    }
}
