using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>A run that is not finished, as whoever watches sees it.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Network">What the network is called.</param>
/// <param name="Data">What the data are called.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Level">0 is dense.</param>
/// <param name="Control"><c>none</c>, <c>reinit</c> or <c>random-mask</c>.</param>
/// <param name="Parent">The run that it comes from; null at level 0.</param>
/// <param name="Steps">Training steps in all.</param>
/// <param name="Running">True while a process works on it; false where it was interrupted.</param>
/// <param name="Started">When its first sitting began, in universal time.</param>
/// <param name="Treatment">What is done to the weights, control included; empty at level 0.</param>
/// <param name="Evaluations">The evaluations so far, by step.</param>
/// <param name="Step">The step that it is known to have come to.</param>
/// <param name="StepsPerSecond">Its pace over the last evaluations; NaN where none is known.</param>
/// <param name="Failure">Why the last attempt failed; null where it did not.</param>
public sealed record RunUnderway(
    string Id, string Network, string Data, ulong Seed, int Level, string Control, string? Parent, int Steps,
    bool Running, DateTimeOffset Started, string Treatment, ImmutableArray<Evaluation> Evaluations, int Step,
    double StepsPerSecond, RunFailure? Failure)
{
    private static readonly TimeSpan PaceWindow = TimeSpan.FromSeconds(20);

    /// <summary>The newest evaluation; null before the first.</summary>
    public Evaluation? Latest => Evaluations.LastOrDefault();

    /// <summary>The run in a folder of <c>active/</c>; null where it is just beginning, or gone.</summary>
    internal static RunUnderway? Read(StorePaths paths, string id)
    {
        try
        {
            JsonNode json = JsonNode.Parse(File.ReadAllBytes(Path.Combine(paths.Underway(id), StorePaths.RunFile)))!;
            JsonNode run = json["specification"]!;
            ProgressLine[] lines = [.. ReadProgress(paths.Progress(id))];
            bool running = FileLock.IsHeld(paths.Claim(id));
            return new(
                id, json["network"]!.GetValue<string>(), json["data"]!.GetValue<string>(),
                run["seed"]!.GetValue<ulong>(), run["level"]!.GetValue<int>(),
                run["control"]!.GetValue<string>(), run["parent"]?.GetValue<string>(),
                run["training"]!["steps"]!.GetValue<int>(), running,
                RunOrigin.ReadTime(json["started"]!), RunWords.Treatment(run), [.. lines.Select(line => line.Evaluation)],
                Math.Max(lines.LastOrDefault()?.Step ?? 0, CheckpointFile.ReadStep(paths.Checkpoint(id), id)),
                running ? PaceOf(lines) : double.NaN, running ? null : RunFailure.Read(paths.Failure(id)));
        }
        catch (Exception gone) when (gone is IOException or JsonException or NullReferenceException
            or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The evaluations reported so far, by step; what a resumed run reported twice counts once.</summary>
    private static IEnumerable<ProgressLine> ReadProgress(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var lines = new SortedDictionary<int, ProgressLine>();
        foreach (string line in reader.ReadToEnd().Split('\n'))
            if (ProgressLine.Read(line) is { } read) lines[read.Step] = read;
        return lines.Values;
    }

    private static double PaceOf(ProgressLine[] lines)
    {
        if (lines.LastOrDefault() is not { At: { } now } last) return double.NaN;
        ProgressLine first = lines.SkipLast(1).FirstOrDefault(line => line.At is { } at && at <= now && now - at <= PaceWindow)
            ?? lines.SkipLast(1).LastOrDefault(line => line.At is { } at && at <= now) ?? last;
        double seconds = (now - first.At!.Value).TotalSeconds;
        return seconds > 0 ? (last.Step - first.Step) / seconds : double.NaN;
    }
}
