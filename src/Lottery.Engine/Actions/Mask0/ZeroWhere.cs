namespace Lottery.Actions;

/// <summary>A mask-0 action that freezes some of the newly pruned weights at 0 and the others at w_i.</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record ZeroWhere(string Name) : Mask0(Name)
{
    /// <inheritdoc/>
    public sealed override bool NeedsFinal => true;

    /// <inheritdoc/>
    public sealed override void Apply(in ActionContext at, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (!at.Kept[i]) start[i] = at.IsNewlyPruned(i) ? at.Initial[i] : at.Final[i];
        SetZeros(at, start);
    }

    /// <summary>Sets its zeros; every pruned weight is already at w_i, or where it was frozen before.</summary>
    protected abstract void SetZeros(in ActionContext at, Span<float> start);
}
