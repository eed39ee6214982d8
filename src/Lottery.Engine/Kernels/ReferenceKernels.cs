namespace Lottery.Kernels;

/// <summary>The plain loops: what every other version must agree with to the bit, and what runs where the processor cannot multiply and add in one rounding.</summary>
internal sealed partial class ReferenceKernels() : KernelSet("reference");
