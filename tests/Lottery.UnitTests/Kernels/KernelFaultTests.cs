using CsCheck;

namespace Lottery.UnitTests.Kernels;

/// <summary>The property that every version of a kernel has is sharp: a kernel that is wrong in one bit does not have it.</summary>
public sealed class KernelFaultTests
{
    private static readonly IReadOnlyDictionary<string, Fault> s_faults = KernelFaults.All.ToDictionary(fault => fault.Name);

    public static TheoryData<string> Faults { get; } = [.. s_faults.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_noticed(string name)
    {
        Fault fault = s_faults[name];
        // A fault that few shapes show may be missed by as many cases as a right kernel passes.
        Exception? noticed = Record.Exception(() => KernelCases.Check(fault.Broken, fault.Kernel))
            ?? Record.Exception(() => KernelCases.Check(fault.Broken, fault.Kernel, cases: 10_000));
        var exception = Assert.IsType<CsCheckException>(noticed);
        Assert.Contains("broken differs from the reference at value", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kernel_has_a_fault() =>
        Assert.Equal(KernelTypes.All.Select(type => type.Name).Order(), s_faults.Values.Select(fault => fault.Kernel).Distinct().Order());

    [Fact]
    public void Kernels_without_the_fault_agree()
    {
        foreach (Fault fault in s_faults.Values.DistinctBy(fault => fault.Kernel))
            foreach (string other in KernelCases.ByKernel.Keys.Where(other => other != fault.Kernel))
                KernelCases.Check(fault.Broken, other, 5);
    }
}
