using System.Text.Json.Nodes;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>A run in the index: what <c>run.json</c> states but for its hashes, and how its files looked then.</summary>
/// <param name="Run">What it states; its specification still lacks the parent.</param>
/// <param name="SpecificationParent">The id of that parent; null at level 0.</param>
/// <param name="Files">How the run's files looked.</param>
/// <param name="Shared">What it has in common with other runs.</param>
/// <param name="Content">The bytes of the rest.</param>
internal sealed record IndexRecord(RunSummary Run, string? SpecificationParent, RunStamp Files, IndexShared Shared, ReadOnlyMemory<byte> Content)
{
    /// <summary>The run's id.</summary>
    public string Id => Run.Id;

    /// <summary>The record of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="specification">Its specification in JSON.</param>
    /// <param name="files">How its files look.</param>
    public static IndexRecord Of(RunSummary run, JsonObject specification, RunStamp files)
    {
        var shared = IndexShared.Of(run, specification);
        string? parent = (string?)specification["parent"];
        var content = new IndexWriter();
        content.Id(run.Id);
        content.Id(parent);
        content.Id(run.Parent);
        content.Id(run.Ticket);
        content.Id(run.EvaluationsSha256);
        content.Write(run.Seed);
        content.Write((long)run.Weights);
        content.Write((long)run.Kept);
        content.Write(run.Started.ToUnixTimeMilliseconds());
        content.Write(run.Ended.ToUnixTimeMilliseconds());
        foreach (long number in (long[])[files.RunLength, files.RunTicks, files.MetricsLength, files.MetricsTicks]) content.Write(number);
        IndexMetrics.Write(content, run.Metrics);
        IndexMetrics.Write(content, run.Pruning);
        return new(run, parent, files, shared, content.Bytes);
    }

    /// <summary>Reads what <see cref="Of"/> wrote; null where it states no run that there can be.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="shared">What the run has in common with others.</param>
    public static IndexRecord? Read(ReadOnlyMemory<byte> content, IndexShared shared)
    {
        try
        {
            var reader = new IndexReader(content.Span);
            string? id = reader.Id(), parent = reader.Id();
            string? pruned = reader.Id(parent), ticket = reader.Id(parent), evaluations = reader.Id();
            ulong seed = reader.Number();
            int weights = reader.Integer(), kept = reader.Integer();
            DateTimeOffset started = DateTimeOffset.FromUnixTimeMilliseconds(reader.Long()), ended = DateTimeOffset.FromUnixTimeMilliseconds(reader.Long());
            var files = new RunStamp(reader.Long(), reader.Long(), reader.Long(), reader.Long());
            var run = new RunSummary
            {
                Id = id!, Specification = shared.Run with { Seed = seed }, Parent = pruned, Ticket = ticket, EvaluationsSha256 = evaluations,
                Data = shared.Data, Weights = weights, Kept = kept,
                Metrics = IndexMetrics.ReadTraining(ref reader), Pruning = IndexMetrics.ReadPruning(ref reader, shared.Run.Network),
                Kernels = shared.Kernels, Started = started, Ended = ended,
                Version = shared.Origin.Lottery, Dotnet = shared.Origin.Dotnet, Processor = shared.Origin.Processor,
            };
            RunDocument.RequireRanges(run, parent);
            return id is null || evaluations is null || !reader.IsAtEnd ? null : new(run, parent, files, shared, content);
        }
        catch (Exception wrong) when (RunFile.IsMalformed(wrong))
        {
            return null;
        }
    }
}
