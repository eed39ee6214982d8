namespace Lottery.Actions;

/// <inheritdoc cref="Mask1.Rewind"/>
public sealed record Rewind() : Mask1("rewind")
{
    /// <inheritdoc/>
    public override void Apply(in ActionContext at, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (at.Kept[i]) start[i] = at.Initial[i];
    }
}
