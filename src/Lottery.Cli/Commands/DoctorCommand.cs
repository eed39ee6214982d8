using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Report.Tables;

namespace Lottery.Cli.Commands;

/// <summary>What a fault report, or a slow machine, needs to be understood.</summary>
internal sealed class DoctorCommand(Terminal terminal)
    : Verb("doctor", "Show the processor, the kernels in use, where data and runs lie, and versions.", "lottery doctor --json", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        Facts facts = Facts.Of(parsed.GetValue(Common.Store)!);
        if (parsed.GetValue(Common.Json)) Write(facts.Json());
        else Write(TextGrid.Lines([.. facts.Lines()]));
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
            ["store", StoreExists ? Store : $"{Store} (made by the first run)"],
            .. Data.Select(set => new[] { set.Set.Name, set.Location?.Folder ?? DataListCommand.NotHere(set.Set) }),
        ];

        public JsonObject Json() => new()
        {
            ["lottery"] = Versions.Lottery,
            ["dotnet"] = Versions.Runtime,
            ["system"] = Versions.System,
            ["processor"] = Processor.Name,
            ["features"] = Cli.Json.Array(Features),
            ["kernels"] = new JsonObject { ["chosen"] = Chosen, ["available"] = Cli.Json.Array(Kernels) },
            ["cores"] = Cores,
            ["memory_bytes"] = Memory,
            ["store"] = new JsonObject { ["path"] = Store, ["exists"] = StoreExists },
            ["data"] = new JsonObject(Data.Select(set => KeyValuePair.Create(set.Set.Name, (JsonNode?)set.Location?.Folder))),
        };

}
}
