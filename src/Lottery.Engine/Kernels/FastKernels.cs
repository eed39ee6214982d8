namespace Lottery.Kernels;

/// <summary>The fast bodies at one vector width.</summary>
internal sealed partial class FastKernels<TWide, TCounter>(string name) : KernelSet(name)
    where TWide : unmanaged, IWide<TWide>
    where TCounter : struct, ICounter;
