namespace Lottery.Actions;

/// <inheritdoc cref="Mask0.Zero"/>
public sealed record Zero() : Mask0("zero")
{
    /// <inheritdoc/>
    public override bool IsZero => true;

    /// <inheritdoc/>
    public override void Apply(in ActionContext at, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (!at.Kept[i]) start[i] = 0.0f;
    }
}
