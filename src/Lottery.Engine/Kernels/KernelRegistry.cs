using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>The versions of the kernels that this processor can run, and the one that is used.</summary>
/// <remarks>
/// <c>LOTTERY_KERNELS=reference|vector128|vector256|vector512</c> forces one; all find the same bits, so this changes
/// speed alone.
/// </remarks>
public static class KernelRegistry
{
    private static readonly ImmutableArray<(string Name, bool Available, Func<KernelSet> Make, Func<KernelSet> MakeCounting)> s_sets =
    [
        ("vector512", Vector512.IsHardwareAccelerated && Avx512F.IsSupported,
            () => new FastKernels<Wide512, NotCounting>("vector512"), () => new FastKernels<Wide512, Counting>("vector512")),
        ("vector256", Avx2.IsSupported && Fma.IsSupported,
            () => new FastKernels<Wide256, NotCounting>("vector256"), () => new FastKernels<Wide256, Counting>("vector256")),
        ("vector128", AdvSimd.Arm64.IsSupported || Fma.IsSupported,
            () => new FastKernels<Wide128, NotCounting>("vector128"), () => new FastKernels<Wide128, Counting>("vector128")),
        ("reference", true, () => new ReferenceKernels(), () => new ReferenceKernels()),
    ];

    private static readonly Lazy<KernelSet> s_chosen = new(() => Get(Environment.GetEnvironmentVariable("LOTTERY_KERNELS")));

    /// <summary>The names of the versions that this processor can run, the fastest first.</summary>
    public static ImmutableArray<string> Available { get; } = [.. s_sets.Where(set => set.Available).Select(set => set.Name)];

    /// <summary>The name of the version in use.</summary>
    /// <exception cref="UserException">LOTTERY_KERNELS names none that this processor can run.</exception>
    public static string Chosen => Kernels.Name;

    /// <summary>The version in use.</summary>
    internal static KernelSet Kernels => s_chosen.Value;

    /// <summary>The version called <paramref name="name"/>, or the fastest for null or nothing.</summary>
    internal static KernelSet Get(string? name) => Find(name).Make();

    /// <summary>The same, counting multiply-adds in <see cref="Counting.Total"/>.</summary>
    internal static KernelSet GetCounting(string? name) => Find(name).MakeCounting();

    private static (string Name, bool Available, Func<KernelSet> Make, Func<KernelSet> MakeCounting) Find(string? name)
    {
        if (string.IsNullOrEmpty(name)) name = Available[0];
        if (!Available.Contains(name))
            throw new UserException(
                $"LOTTERY_KERNELS is '{name}', but this processor runs {string.Join(", ", Available)}: set it to one of these, or unset it.");
        return s_sets.Single(set => set.Name == name);
    }
}
