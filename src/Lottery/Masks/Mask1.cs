using System.Collections.Immutable;

namespace Lottery.Masks;

/// <summary>A mask-1 action: what the kept weights become before a level trains (Zhou et al. 2019, section 3).</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask1(string Name)
{
    /// <summary>w_i again: the weights that the chain of levels started from, or those of a later step of the dense run.</summary>
    public static Mask1 Rewind { get; } = new Rewind();

    /// <summary>Every mask-1 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask1> All { get; } = [Rewind];

    /// <summary>The action called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">No mask-1 action is called that.</exception>
    public static Mask1 Get(string name) => Registry.Get("mask-1 action", name, All, action => action.Name);

    /// <summary>Writes what the kept weights of one parameter start from, and no other place.</summary>
    /// <param name="at">The parameter, and what an action may look at.</param>
    /// <param name="start"><c>[out × in]</c>, row-major.</param>
    public abstract void Apply(in ActionContext at, Span<float> start);
}
