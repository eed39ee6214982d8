namespace Lottery.Actions;

/// <summary>0 where training moved the weight towards zero, |w_f| &lt; |w_i|; w_i elsewhere.</summary>
/// <param name="KeptToo">Whether kept weights that moved towards zero start at 0 too, whatever the mask-1 action.</param>
public sealed record ZeroIfDecreased(bool KeptToo = false)
    : ZeroWhere(KeptToo ? "zero-if-decreased-kept-too" : "zero-if-decreased")
{
    /// <inheritdoc/>
    protected override void SetZeros(in ActionContext at, Span<float> start)
    {
        for (int i = 0; i < start.Length; i++)
            if ((at.IsNewlyPruned(i) || (KeptToo && at.Kept[i])) && at.Decreased(i)) start[i] = 0.0f;
    }
}
