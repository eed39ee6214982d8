using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Lottery.Studies.Store;

namespace Lottery.Cli;

/// <summary>The processor, as far as it matters to kernels.</summary>
internal static class Processor
{
    private static readonly (string Name, bool Supported)[] s_features =
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

    /// <summary>Its name, as finished runs record it.</summary>
    public static string Name => RunOrigin.Now(DateTimeOffset.UtcNow).Processor;

    /// <summary>The instruction sets that kernels can use here; environment variables of .NET can turn some off.</summary>
    public static IEnumerable<string> Features => s_features.Where(feature => feature.Supported).Select(feature => feature.Name);
}
