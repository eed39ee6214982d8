using Lottery.Networks;

namespace Lottery.Actions;

/// <summary>A level that has been trained, for actions that look back at it.</summary>
/// <param name="Mask">The weights that it trained; the others were frozen.</param>
/// <param name="Final">w_f: where all weights ended, the frozen ones included.</param>
public sealed record TrainedLevel(Mask Mask, Weights Final);
