using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Cli;

/// <summary>What the processor can do, as far as it matters to kernels.</summary>
internal static class ProcessorFeatures
{
    /// <summary>The instruction sets that kernels can use here; environment variables of .NET can turn some off.</summary>
    public static IEnumerable<string> Names =>
        from feature in s_known where feature.Supported select feature.Name;

    private static readonly (string Name, bool Supported)[] s_known =
    [
        ("SSE4.2", Sse42.IsSupported),
        ("AVX", Avx.IsSupported),
        ("AVX2", Avx2.IsSupported),
        ("FMA", Fma.IsSupported),
        ("AVX-512F", Avx512F.IsSupported),
        ("AVX-512BW", Avx512BW.IsSupported),
        ("AVX10.1", Avx10v1.IsSupported),
        ("AdvSimd", AdvSimd.IsSupported),
        ("DotProd", Dp.IsSupported),
    ];
}
