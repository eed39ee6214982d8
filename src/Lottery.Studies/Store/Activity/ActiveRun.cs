using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.Studies.Store.Activity;

/// <summary>A run that is not finished: training, interrupted or failed.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Network">The name of the network.</param>
/// <param name="Data">The name of the data set.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Level">0 is dense.</param>
/// <param name="Control">A ticket (<c>none</c>), or which control.</param>
/// <param name="Parent">The id of the run that it comes from (of a control: its ticket); null at level 0.</param>
/// <param name="Steps">Training steps in all.</param>
/// <param name="Running">True while a process works on it; false if it was interrupted or failed.</param>
/// <param name="Started">When its first training session began, in universal time.</param>
/// <param name="Condition">Ticket or control, with the settings that are not the defaults; empty at level 0.</param>
/// <param name="Evaluations">The evaluations so far, by step.</param>
/// <param name="Step">The last step that an evaluation or a checkpoint reports.</param>
/// <param name="StepsPerSecond">Its pace over the evaluations of the last 20 seconds; NaN where none is known.</param>
/// <param name="Failure">Why the last attempt failed; null where it did not.</param>
internal sealed record ActiveRun(
    string Id, string Network, string Data, ulong Seed, int Level, Control Control, string? Parent, int Steps,
    bool Running, DateTimeOffset Started, string Condition, ImmutableArray<Evaluation> Evaluations, int Step,
    double StepsPerSecond, RunFailure? Failure)
{
    private static readonly string[] s_defaults = ["large-final", "rewind", "zero", "iterative"];
    private static readonly TimeSpan PaceWindow = TimeSpan.FromSeconds(20);

    /// <summary>What was asked, in JSON, with the parent by its id.</summary>
    public required JsonNode Specification { get; init; }

    /// <summary>Which draw of its control it is; 0 is the first.</summary>
    public int Draw => (int?)Specification["draw"] ?? 0;

    /// <summary>The newest evaluation; null before the first.</summary>
    public Evaluation? Latest => Evaluations.LastOrDefault();

    /// <summary>The run in a folder of <c>active/</c>; null where it is just beginning, or was finished or removed.</summary>
    internal static ActiveRun? Read(StorePaths paths, string id)
    {
        try
        {
            JsonNode json = JsonNode.Parse(RegularFile.Read(Path.Combine(paths.ActiveRun(id), StorePaths.RunFile)))!;
            JsonNode run = json["specification"]!;
            if (run["parent"]?.GetValue<string>() is { } parent && !RunIdentity.IsId(parent)) return null;
            ProgressLine[] lines = [.. ReadProgress(paths.Progress(id))];
            bool running = paths.Claims.IsHeld(paths.Claim(id));
            return new(
                id, json["network"]!.GetValue<string>(), json["data"]!.GetValue<string>(),
                run["seed"]!.GetValue<ulong>(), run["level"]!.GetValue<int>(),
                KebabCase.Parse<Control>(run["control"]!.GetValue<string>()), run["parent"]?.GetValue<string>(),
                run["training"]!["steps"]!.GetValue<int>(), running,
                RunFile.ReadTime(json["started"]!.GetValue<string>()), ConditionOf(run), [.. lines.Select(line => line.Evaluation)],
                Math.Max(lines.LastOrDefault()?.Step ?? 0, CheckpointFile.ReadStep(paths.Checkpoint(id), id)),
                running ? PaceOf(lines) : double.NaN, running ? null : RunFailure.Read(paths.Failure(id)))
            {
                Specification = run,
            };
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException || RunFile.IsMalformed(missing))
        {
            return null;
        }
    }

    /// <summary>
    /// Ticket or control, and in brackets the criterion, actions and schedule that are not the defaults:
    /// <c>ticket (small-final)</c>; empty at level 0.
    /// </summary>
    internal static string ConditionOf(JsonNode specification)
    {
        if (specification["level"]!.GetValue<int>() == 0) return "";
        string control = specification["control"]!.GetValue<string>();
        JsonNode? prune = specification["prune"], actions = specification["actions"];
        string[] own = [.. new[] { "criterion", "mask1", "mask0", "schedule" }
            .Select(part => (string?)(prune?[part] ?? actions?[part])).OfType<string>().Except(s_defaults)];
        return (control == "none" ? "ticket" : control) + (own.Length == 0 ? "" : $" ({string.Join(", ", own)})");
    }

    /// <summary>The evaluations reported so far, by step; what a resumed run reported twice counts once.</summary>
    private static IEnumerable<ProgressLine> ReadProgress(string path)
    {
        if (!File.Exists(path)) return [];
        var lines = new SortedDictionary<int, ProgressLine>();
        foreach (string line in Encoding.UTF8.GetString(RegularFile.Read(path, int.MaxValue)).Split('\n'))
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
