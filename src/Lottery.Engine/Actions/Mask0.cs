using System.Collections.Immutable;

namespace Lottery.Actions;

/// <summary>A mask-0 action: the values at which the pruned weights are frozen (Zhou et al. 2019, section 4).</summary>
/// <remarks>
/// An action that looks at w_f decides when a weight is pruned; later levels leave the weight where it was frozen. Random
/// numbers are the streams <c>mask-0/ACTION/level-L/NAME</c>.
/// </remarks>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask0(string Name)
{
    /// <summary>0: the weights are gone.</summary>
    public static Mask0 Zero { get; } = new Zero();

    /// <summary>w_i: the weights stay where they started.</summary>
    public static Mask0 Initial { get; } = new Initial();

    /// <summary>0 where training moved the weight towards zero, |w_f| &lt; |w_i|; w_i elsewhere (variant 1).</summary>
    public static Mask0 ZeroIfDecreased { get; } = new ZeroIfDecreased();

    /// <summary>
    /// Variant 1; and kept weights that moved towards zero start at 0, whatever the mask-1 action, and train (variant 2).
    /// </summary>
    public static Mask0 ZeroIfDecreasedKeptToo { get; } = new ZeroIfDecreased(KeptToo: true);

    /// <summary>0 where training moved the weight from zero, |w_f| > |w_i|; w_i elsewhere (a control of variant 1).</summary>
    public static Mask0 ZeroIfIncreased { get; } = new ZeroIfIncreased();

    /// <summary>As many zeros in the layer as variant 1 makes, at random places; w_i elsewhere (a control of variant 1).</summary>
    public static Mask0 ZeroRandom { get; } = new ZeroRandom();

    /// <summary>Every mask-0 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask0> All { get; } =
        [Zero, Initial, ZeroIfDecreased, ZeroIfDecreasedKeptToo, ZeroIfIncreased, ZeroRandom];

    /// <summary>The action called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">No mask-0 action is called that.</exception>
    public static Mask0 Get(string name) =>
        Registry.Get("mask-0 action", name, All, action => action.Name, (_, _) => null);

    /// <summary>True where pruned weights are 0 and need not exist; otherwise they act in the network, frozen.</summary>
    public virtual bool IsZero => false;

    /// <summary>True where it looks at <see cref="ActionContext.KeptBefore"/> and <see cref="ActionContext.Final"/>.</summary>
    public virtual bool NeedsFinal => false;

    /// <summary>Writes the values of one parameter's pruned weights, after the mask-1 action has written the kept ones.</summary>
    /// <param name="at">The parameter, and what an action may look at.</param>
    /// <param name="start"><c>[out × in]</c>, row-major. An action may override kept weights too where its paper says so.</param>
    public abstract void Apply(in ActionContext at, Span<float> start);
}
