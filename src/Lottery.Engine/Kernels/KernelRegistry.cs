using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>The kernel versions that this processor can run, and the one in use.</summary>
/// <remarks>
/// The environment variable <c>LOTTERY_KERNELS=reference|vector128|vector256|vector512</c> forces one. All versions find
/// the same bits, so this changes only the speed.
/// </remarks>
public static class KernelRegistry
{
    private static readonly ImmutableArray<(string Name, int Bits, bool Available)> s_versions =
    [
        ("vector512", 512, Vector512.IsHardwareAccelerated && Avx512F.IsSupported),
        ("vector256", 256, Avx2.IsSupported && Fma.IsSupported),
        ("vector128", 128, AdvSimd.Arm64.IsSupported || Fma.IsSupported),
        ("reference", 0, true),
    ];

    private static readonly Lazy<KernelSet> s_chosen = new(() => Get(Environment.GetEnvironmentVariable("LOTTERY_KERNELS")));

    /// <summary>The names of the versions that this processor can run, the fastest first.</summary>
    public static ImmutableArray<string> Available { get; } = [.. s_versions.Where(version => version.Available).Select(version => version.Name)];

    /// <summary>The name of the version in use.</summary>
    /// <exception cref="UserException">LOTTERY_KERNELS names none that this processor can run.</exception>
    public static string Chosen => Kernels.Name;

    /// <summary>The version in use.</summary>
    internal static KernelSet Kernels => s_chosen.Value;

    /// <summary>The version called <paramref name="name"/>; the fastest for null or an empty name.</summary>
    internal static KernelSet Get(string? name)
    {
        if (string.IsNullOrEmpty(name)) name = Available[0];
        if (!Available.Contains(name))
            throw new UserException(
                $"LOTTERY_KERNELS is '{name}', but this processor runs {string.Join(", ", Available)}: set it to one of these, or unset it.");
        return new(name, s_versions.Single(version => version.Name == name).Bits);
    }
}
