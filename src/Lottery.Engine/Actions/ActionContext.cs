using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>What a mask-1 or mask-0 action may look at: one prunable parameter on its way into a level.</summary>
public readonly ref struct ActionContext
{
    /// <summary>The network, with the distribution that its initial weights come from.</summary>
    public required Network Network { get; init; }

    /// <summary>The parameter.</summary>
    public required Parameter Parameter { get; init; }

    /// <summary>Which of its weights are kept.</summary>
    public required BitSet Kept { get; init; }

    /// <summary>w_i: the weights of the dense run at its start, or at the step rewound to; <c>[out × in]</c>, row-major.</summary>
    public required ReadOnlySpan<float> Initial { get; init; }

    /// <summary>
    /// Which of its weights the level before trained; the others were frozen at <see cref="Final"/>. Null where the
    /// action does not look at it.
    /// </summary>
    public BitSet? KeptBefore { get; init; }

    /// <summary>
    /// w_f: where the level before ended; <c>[out × in]</c>, row-major. Empty where the action does not look at it.
    /// </summary>
    public ReadOnlySpan<float> Final { get; init; }

    /// <summary>The seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The level that is about to train, 1 or more.</summary>
    public required int Level { get; init; }

    /// <summary>The action's own random numbers for this parameter and level: the stream <c>ACTION/level-L/NAME</c>.</summary>
    public RandomStream Random(string action) => new(Seed, $"{action}/level-{Level}/{Parameter.Name}");

    /// <summary>True where training moved the weight towards zero: |w_f| &lt; |w_i|.</summary>
    internal bool Decreased(int index) => Math.Abs(Final[index]) < Math.Abs(Initial[index]);

    /// <summary>True for a weight that the level before trained and this one does not.</summary>
    internal bool IsNewlyPruned(int index) => KeptBefore![index] && !Kept[index];
}
