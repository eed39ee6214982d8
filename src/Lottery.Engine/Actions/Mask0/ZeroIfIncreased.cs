namespace Lottery.Actions;

/// <inheritdoc cref="Mask0.ZeroIfIncreased"/>
public sealed record ZeroIfIncreased() : ZeroWhere("zero-if-increased")
{
    /// <inheritdoc/>
    protected override void SetZeros(in ActionContext at, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if (at.IsNewlyPruned(i) && Math.Abs(at.Final[i]) > Math.Abs(at.Initial[i])) start[i] = 0.0f;
    }
}
