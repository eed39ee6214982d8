namespace Lottery.Tickets;

/// <summary>One way of an arithmetic coder, so that writing and reading share one model.</summary>
internal interface IBitCoder
{
    /// <summary>Codes a bit that is set with probability <paramref name="probability"/> ÷ 65,536.</summary>
    /// <param name="bit">The bit; of no matter on the way back.</param>
    /// <param name="probability">From 1 to 65,535.</param>
    /// <returns>The bit.</returns>
    bool Code(bool bit, int probability);
}
