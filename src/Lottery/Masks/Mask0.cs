using System.Collections.Immutable;

namespace Lottery.Masks;

/// <summary>A mask-0 action: the values at which the pruned weights are frozen (Zhou et al. 2019, section 4).</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Mask0(string Name)
{
    /// <summary>0: the weights are gone.</summary>
    public static Mask0 Zero { get; } = new Zero();

    /// <summary>Every mask-0 action, in the order in which they are listed.</summary>
    public static ImmutableArray<Mask0> All { get; } = [Zero];

    /// <summary>The action called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">No mask-0 action is called that.</exception>
    public static Mask0 Get(string name) => Registry.Get("mask-0 action", name, All, action => action.Name);

    /// <summary>Writes the values of one parameter's pruned weights, after the mask-1 action has written the kept ones.</summary>
    /// <param name="at">The parameter, and what an action may look at.</param>
    /// <param name="start"><c>[out × in]</c>, row-major. An action may override kept weights too where its paper says so.</param>
    public abstract void Apply(in ActionContext at, Span<float> start);
}
