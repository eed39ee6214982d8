using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>The property that every version of a kernel has is sharp: a kernel that is wrong in one bit does not have it.</summary>
public sealed class BrokenKernelTests
{
    private static readonly IReadOnlyDictionary<string, (string Kernel, KernelSet Broken)> s_broken =
        ((IEnumerable<(string Kernel, KernelSet Broken)>)
        [
            .. BrokenSupermaskKernels.All,
            .. BrokenKeptKernels.All,
            .. BrokenKeptConvolutionKernels.All,
            .. BrokenPooledConvolutionKernels.All,
            .. BrokenDenseKernels.All,
            .. BrokenConvolutionKernels.All,
            .. BrokenElementwiseKernels.All,
            .. BrokenPoolingKernels.All,
            .. BrokenImageKernels.All,
            .. BrokenNormalizationKernels.All,
            .. BrokenDropoutKernels.All,
            .. BrokenPredictionKernels.All,
        ]).ToDictionary(one => one.Broken.GetType().Name);

    public static TheoryData<string> Faults { get; } = [.. s_broken.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_broken_kernel_is_noticed(string fault)
    {
        (string kernel, KernelSet broken) = s_broken[fault];
        var exception = Assert.Throws<CsCheckException>(() => KernelCases.Check(broken, kernel));
        Assert.Contains("broken differs from the reference at value", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kernel_is_broken_in_some_way() =>
        Assert.Equal(KernelCases.ByKernel.Keys.Order(), s_broken.Values.Select(one => one.Kernel).Distinct().Order());

    [Fact]
    public void What_is_not_broken_in_a_broken_set_is_not_blamed()
    {
        foreach ((string kernel, KernelSet broken) in s_broken.Values.DistinctBy(one => one.Kernel))
            foreach (string other in KernelCases.ByKernel.Keys.Where(other => other != kernel))
                KernelCases.Check(broken, other, 5);
    }
}
