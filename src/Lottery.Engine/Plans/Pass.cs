namespace Lottery.Plans;

/// <summary>What a pass through the network is for.</summary>
/// <param name="Training">True where normalizations use the batch's own statistics and dropout drops.</param>
/// <param name="Seed">The run's seed, which dropout draws by.</param>
/// <param name="Step">The training step, which dropout draws by.</param>
internal readonly record struct Pass(bool Training, ulong Seed, int Step)
{
    /// <summary>Outside training.</summary>
    public static Pass Evaluation => default;
}
