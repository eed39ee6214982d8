using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;

namespace Lottery.UnitTests.Kernels;

/// <summary>Every version of every kernel finds the bits of the plain loops; and the plain loops find the right numbers.</summary>
public sealed class KernelAgreementTests
{
    public static MatrixTheoryData<string, string> VersionsAndKernels { get; } = new(
        KernelRegistry.Available, KernelCases.ByKernel.Keys);

    public static TheoryData<string> Kernels { get; } = [.. KernelCases.ByKernel.Keys];

    public static TheoryData<string> Versions { get; } = [.. KernelRegistry.Available];

    [Theory]
    [MemberData(nameof(VersionsAndKernels))]
    public void A_version_equals_the_reference(string version, string kernel) =>
        KernelCases.Check(KernelRegistry.Get(version), kernel);

    [Theory]
    [MemberData(nameof(VersionsAndKernels))]
    public void Counting_changes_no_bit(string version, string kernel) =>
        KernelCases.Check(CountingKernels.Get(version), kernel, 50);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_reference_equals_plain_arithmetic(string kernel) =>
        CsCheck.Check.Sample(KernelCases.ByKernel[kernel], one => one.PlainDifference() is null, iter: 200,
            print: one => $"{one}: {one.PlainDifference()}");

    [Fact]
    public void Every_kernel_has_cases() =>
        Assert.Equal(KernelTypes.All.Select(type => type.Name).Order(), KernelCases.ByKernel.Keys.Order());

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_byte_becomes_its_exact_quotient(string version)
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var x = new float[256 * 16];
        KernelRegistry.Get(version).Run(new AssembleBatch
        {
            Pixels = pixels, Features = 256, Examples = [0], TargetRows = (int[])[.. Enumerable.Range(0, 256)], Scale = PixelScale.Unit, X = x,
            Lanes = 16,
        });
        for (int value = 0; value < 256; value++) Assert.Equal((float)(value / 255.0), x[16 * value]);
    }
}
