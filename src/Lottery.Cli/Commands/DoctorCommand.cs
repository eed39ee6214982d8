using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Cuda.Driver;
using Lottery.Data;
using Lottery.Data.Downloads;
using Lottery.Kernels;
using Lottery.Report.Tables;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Cli.Commands;

/// <summary>Reports what is detected on this machine; what a bug report needs.</summary>
internal sealed class DoctorCommand : StoreCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Option<bool> _local = new("--local") { Description = "Ask no other program and no other machine: neither Slurm nor the mirrors of data sets." };

    public DoctorCommand(Terminal terminal) : base(
        "doctor", "Report the detected CPU, cards, kernels, memory, data sets, store, Slurm, mirrors and versions.", "lottery doctor --json", terminal) => Add(_local);

    protected override int Run(ParseResult parsed)
    {
        Facts facts = Facts.Of(Common.StoreOf(parsed), isLocal: parsed.GetValue(_local));
        if (parsed.GetValue(Common.Json)) Write(facts.Json());
        else Write(TextTable.OfFacts(facts.Lines()));
        return 0;
    }

    private sealed record Facts(
        string[] Features, string[] Kernels, string Chosen, int Cores, long Memory, string Store, bool StoreExists,
        ImmutableArray<string> StoreLacks, CardList Cards, DatasetStatus[] Data, string? Slurm, ImmutableArray<MirrorCheck> Mirrors)
    {
        public static Facts Of(string store, bool isLocal) => new(
            [.. Processor.Features], [.. KernelRegistry.Available], KernelRegistry.Chosen, Environment.ProcessorCount,
            MachineMemory.Available(), Path.GetFullPath(store), Directory.Exists(store), StoreProbe.Check(store), CardList.Find(),
            [.. DataVerify.List(DatasetLocator.FromEnvironment())], isLocal ? null : AskSlurm(), isLocal ? [] : MirrorCheck.All(s_patience));

        /// <summary>What Slurm says, or why it says nothing; it has no more time than a person who waits.</summary>
        private static string AskSlurm()
        {
            var answer = Task.Run(() =>
            {
                try
                {
                    return $"answers; an array has at most {NumberFormat.Counted(new SlurmClient().Site().MostTasks, "task")}";
                }
                catch (UserException refusal)
                {
                    return refusal.InnerException is System.ComponentModel.Win32Exception ? "not installed here" : refusal.Message;
                }
            });
            return answer.Wait(2 * s_patience) ? answer.Result : $"does not answer within {2 * s_patience.TotalSeconds:0} s";
        }

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
            .. Cards.Missing is { } missing ? [["cards", missing]] : Cards.Cards.Select(card => new[] { $"card {card.Number}", Text(card) }),
            ["store", StoreExists ? Store : $"{Store} (created by the first run)"],
            ["file system", StoreLacks.IsEmpty ? "gives a store what it needs: claims, renames, flushes" : string.Join(' ', StoreLacks)],
            .. Slurm is null ? [] : (string[][])[["slurm", Slurm]],
            .. Mirrors.IsEmpty ? [] : (string[][])[["mirrors", string.Join("; ", Mirrors.GroupBy(mirror => mirror.Problem)
                .Select(alike => $"{string.Join(", ", alike.Select(mirror => mirror.Host))}: {alike.Key ?? "answers"}"))]],
            .. Data.Select(set => new[] { set.Set.Name, set.Location?.Folder ?? DataCommand.Missing(set.Set) }),
        ];

        private string Text(Card card) => card.Problem
            ?? $"{card.Name}, {NumberFormat.Size(card.FreeBytes ?? 0)} of {NumberFormat.Size(card.TotalBytes)} free, compute capability {card.Capability}, driver for CUDA {Cards.Driver}";

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
            ["cards"] = new JsonArray([.. Cards.Cards.Select(card => (JsonNode)new JsonObject
            {
                ["number"] = card.Number, ["name"] = card.Name, ["capability"] = card.Capability, ["multiprocessors"] = card.Multiprocessors,
                ["total_bytes"] = card.TotalBytes, ["free_bytes"] = card.FreeBytes, ["problem"] = card.Problem,
            })]),
            ["cards_missing"] = Cards.Missing,
            ["cuda_driver"] = Cards.Driver,
            ["store"] = new JsonObject { ["path"] = Store, ["exists"] = StoreExists, ["file_system_lacks"] = Output.Json.Array(StoreLacks) },
            ["slurm"] = Slurm,
            ["mirrors"] = new JsonObject(Mirrors.Select(mirror => KeyValuePair.Create(mirror.Host, (JsonNode?)(mirror.Problem ?? "answers")))),
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
