using Lottery.Cuda.Driver;

namespace Lottery.Cuda.Estimates;

/// <summary>
/// How fast a card is: what whole steps took on an H100, by what the driver says of a card. docs/gpu.md has the
/// measurements beside what this makes of them.
/// </summary>
/// <param name="Multiprocessors">Its processors.</param>
/// <param name="Clock">Cycles a second of each.</param>
/// <param name="Lanes">Single-precision multiply-adds a cycle of each.</param>
/// <param name="MemoryRate">Bytes that its memory moves a second.</param>
internal sealed record CardRates(int Multiprocessors, double Clock, int Lanes, double MemoryRate)
{
    // Multiply-adds a second of the H100; all are fitted together to 23 steps.
    private const double PatchSums = 21.2e12, PatchGradients = 25.7e12, DirectSums = 3.7e12, DirectGradients = 2.5e12;

    /// <summary>What patches take besides, for multiply-adds that the layer would have with all weights.</summary>
    private const double PatchLoads = 53e12, PatchGradientLoads = 41e12;

    /// <summary>The beginning and the end of a convolution's kernels, of a linear layer's, and of any other one.</summary>
    private const double SecondsOfSums = 17.5e-6, SecondsOfLinear = 16.6e-6, SecondsOfLaunch = 1.6e-6;

    /// <summary>Dense sums of convolutions, after Winograd's transformation, and of linear layers.</summary>
    private const double DenseSums = 13e12, DenseLinearSums = 1.5e12;

    /// <summary>In a block, multiply-adds a cycle, and those of a dense layer, whose loads serve several.</summary>
    private const double BlockSums = 9, BlockDenseSums = 27;

    /// <summary>What else a step takes in a block: its batch, the loss, its barriers.</summary>
    private const double SecondsOfBlockStep = 41e-6;

    /// <summary>The card that was measured: 132 multiprocessors.</summary>
    public static CardRates Measured { get; } = new(132, 1.98e9, 128, 3.35e12);

    private double Scale => Multiprocessors * Clock * Lanes / (Measured.Multiprocessors * Measured.Clock * Measured.Lanes);

    /// <summary>A card's; what its driver does not tell is taken to be as in the card that was measured.</summary>
    public static CardRates Of(Card card) => new(
        card.Multiprocessors, card.Clock > 0 ? card.Clock : Measured.Clock,
        card.Capability is "8.0" || card.Capability.StartsWith("7.", StringComparison.Ordinal) ? 64 : 128,
        card.MemoryRate > 0 ? card.MemoryRate : Measured.MemoryRate);

    /// <summary>Sums over a convolution's kept weights.</summary>
    /// <param name="all">Multiply-adds of all weights.</param>
    /// <param name="kept">Multiply-adds of the kept ones.</param>
    /// <param name="patches">Whether patches are in registers.</param>
    public CardTime KeptOnly(double all, double kept, bool patches) =>
        new((patches ? all / PatchLoads + kept / PatchSums : kept / DirectSums) / Scale, SecondsOfSums);

    /// <summary>The gradient of its weights.</summary>
    /// <inheritdoc cref="KeptOnly"/>
    public CardTime KeptOnlyGradient(double all, double kept, bool patches) =>
        new((patches ? all / PatchGradientLoads + kept / PatchGradients : kept / DirectGradients) / Scale, SecondsOfSums);

    /// <summary>Sums over all weights of a convolution.</summary>
    /// <param name="products">Multiply-adds, of Winograd's points where it is used.</param>
    public CardTime Dense(double products) => new(products / DenseSums / Scale, SecondsOfSums);

    /// <summary>Sums over the weights of a linear layer.</summary>
    /// <param name="products">Multiply-adds.</param>
    /// <param name="isDense">Whether every weight is stored.</param>
    public CardTime Linear(double products, bool isDense) => new(products / (isDense ? DenseLinearSums : DirectSums) / Scale, SecondsOfLinear);

    /// <summary>Reading and writing memory.</summary>
    public CardTime Moving(double bytes) => new(bytes / MemoryRate, 0);

    /// <summary>Launches besides those that sum over weights.</summary>
    public CardTime Launching(int launches) => new(0, launches * SecondsOfLaunch);

    /// <summary>Work of one block, which has a multiprocessor.</summary>
    /// <param name="kept">Multiply-adds of layers that store their kept weights.</param>
    /// <param name="dense">Multiply-adds of the others.</param>
    /// <param name="bytes">What it moves from and to memory outside of the multiprocessor.</param>
    /// <param name="blocks">Blocks that share the work.</param>
    public CardTime Block(double kept, double dense, double bytes, int blocks = 1)
    {
        double seconds = SecondsOfBlockStep + (kept / BlockSums + dense / BlockDenseSums) / Clock + bytes * Multiprocessors / MemoryRate;
        return new(seconds / Multiprocessors, seconds / blocks - seconds / Multiprocessors);
    }
}
