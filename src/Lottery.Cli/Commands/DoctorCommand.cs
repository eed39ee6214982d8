using System.CommandLine;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Reports what is detected on this machine; what a bug report needs.</summary>
internal sealed class DoctorCommand(Terminal terminal)
    : StoreCommand("doctor", "Report the detected CPU, kernels, memory, data sets, store and versions.", "lottery doctor --json", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        Facts facts = Facts.Of(Common.StoreOf(parsed));
        if (parsed.GetValue(Common.Json)) Write(facts.Json());
        else Write(TextTable.OfFacts(facts.Lines()));
        return 0;
    }

    private sealed record Facts(
        string[] Features, string[] Kernels, string Chosen, int Cores, long Memory, string Store, bool StoreExists,
        DatasetStatus[] Data)
    {
        public static Facts Of(string store) => new(
            [.. Processor.Features], [.. KernelRegistry.Available], KernelRegistry.Chosen, Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Path.GetFullPath(store), Directory.Exists(store),
            [.. DataVerify.List(DatasetLocator.FromEnvironment())]);

        public IEnumerable<string[]> Lines() =>
        [
            ["lottery", Versions.Lottery],
            [".NET", Versions.Runtime],
            ["system", Versions.System],
            ["processor", Processor.Name],
            ["features", string.Join(", ", Features)],
            ["kernels", $"{Chosen} (of {string.Join(", ", Kernels)})"],
            ["cores", NumberFormat.Count(Cores)],
            ["memory", NumberFormat.Size(Memory)],
            ["store", StoreExists ? Store : $"{Store} (created by the first run)"],
            .. Data.Select(set => new[] { set.Set.Name, set.Location?.Folder ?? DataCommand.Missing(set.Set) }),
        ];

        public JsonObject Json() => new()
        {
            ["lottery"] = Versions.Lottery,
            ["dotnet"] = Versions.Runtime,
            ["system"] = Versions.System,
            ["processor"] = Processor.Name,
            ["features"] = Output.Json.Array(Features),
            ["kernels"] = new JsonObject { ["chosen"] = Chosen, ["available"] = Output.Json.Array(Kernels) },
            ["cores"] = Cores,
            ["memory_bytes"] = Memory,
            ["store"] = new JsonObject { ["path"] = Store, ["exists"] = StoreExists },
            ["data"] = new JsonObject(Data.Select(set => KeyValuePair.Create(set.Set.Name, (JsonNode?)set.Location?.Folder))),
        };
    }
}

/// <summary>The processor's name, and its instruction sets that kernels can use.</summary>
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

    /// <summary>The name that finished runs record.</summary>
    public static string Name => RunSummary.ThisProcessor;

    /// <summary>The instruction sets that .NET reports as supported; its environment variables can turn some off.</summary>
    public static IEnumerable<string> Features => s_features.Where(feature => feature.Supported).Select(feature => feature.Name);
}
