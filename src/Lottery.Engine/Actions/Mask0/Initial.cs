namespace Lottery.Actions;

/// <inheritdoc cref="Mask0.Initial"/>
public sealed record Initial() : Mask0("initial")
{
    /// <inheritdoc/>
    public override void Apply(in ActionContext at, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (!at.Kept[i]) start[i] = at.Initial[i];
    }
}
