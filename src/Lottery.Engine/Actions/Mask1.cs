using System.Collections.Immutable;

namespace Lottery.Actions;

/// <summary>A mask-1 action: what the kept weights become before a level trains (Zhou et al. 2019, section 3).</summary>
/// <remarks>
/// In forms that keep the sign of w_i, it is drawn where w_i is 0. Random numbers are the streams
/// <c>mask-1/ACTION/level-L/NAME</c>, one number a place; a form with the sign draws the same as the one without.
/// </remarks>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask1(string Name)
{
    /// <summary>w_i again: the weights that the chain of levels started from, or those of a later step of the dense run.</summary>
    public static Mask1 Rewind { get; } = new Rewind();

    /// <summary>A fresh draw from the layer's initial distribution.</summary>
    /// <remarks>With its own chain of levels; the control <c>reinit</c> is something else, and draws other numbers.</remarks>
    public static Mask1 Reinit { get; } = new Reinit();

    /// <summary>A fresh draw with the sign of w_i.</summary>
    public static Mask1 ReinitSameSign { get; } = new Reinit(SameSign: true);

    /// <summary>The layer's kept w_i, permuted among its kept places.</summary>
    public static Mask1 Reshuffle { get; } = new Reshuffle();

    /// <summary>The layer's kept w_i, permuted among kept places of the same sign.</summary>
    public static Mask1 ReshuffleSameSign { get; } = new Reshuffle(SameSign: true);

    /// <summary>
    /// +α or −α at random, α the standard deviation of all w_i of the layer, kept or not (the root of the mean square
    /// around the mean).
    /// </summary>
    public static Mask1 Constant { get; } = new Constant();

    /// <summary>α with the sign of w_i.</summary>
    public static Mask1 ConstantSameSign { get; } = new Constant(SameSign: true);

    /// <summary>Every mask-1 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask1> All { get; } =
        [Rewind, Reinit, ReinitSameSign, Reshuffle, ReshuffleSameSign, Constant, ConstantSameSign];

    /// <summary>The action of that name, with a number where it takes one, as in <c>constant(0.05)</c>.</summary>
    /// <exception cref="UserException">No mask-1 action is called that.</exception>
    public static Mask1 Get(string text) =>
        Registry.Get("mask-1 action", text, All, action => action.Name, (action, alpha) => action.With(alpha));

    /// <summary>Writes what the kept weights of one parameter start from, and no other place.</summary>
    /// <param name="at">The parameter, and what an action may look at.</param>
    /// <param name="start"><c>[out × in]</c>, row-major.</param>
    public abstract void Apply(in ActionContext at, Span<float> start);

    /// <summary>This action with its number; null where it takes none.</summary>
    internal virtual Mask1? With(double alpha) => null;
}
