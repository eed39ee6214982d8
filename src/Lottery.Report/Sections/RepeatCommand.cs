using System.Collections.Immutable;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Report.Sections;

/// <summary>The command that searches a condition's tickets, with the controls they have, once more.</summary>
internal static class RepeatCommand
{
    /// <summary>
    /// <c>lottery find …</c> for each condition that is a search; null for one that only a study file can state.
    /// </summary>
    /// <param name="section">The runs.</param>
    /// <param name="specification">A run's specification, by its id.</param>
    public static ImmutableArray<string?> Of(ReportSection section, Func<string, RunSpecification> specification) =>
    [
        .. section.Conditions.Where(one => one.Control == Control.None).Select(one =>
        {
            StoredRun deepest = one.Levels[^1].Runs[0];
            return Of(section, one, deepest, specification(deepest.Id));
        }),
    ];

    private static string? Of(ReportSection section, Condition tickets, StoredRun deepest, RunSpecification run)
    {
        TrainingSpecification training = run.Root.IsPretrained ? run.Training : run.Root.Training;
        bool isUsual = training.Optimizer is Sgd || training.Optimizer == Optimizer.Adam(training.Optimizer.LearningRate);
        if (!isUsual) return null;
        ulong[] seeds = [.. tickets.Levels[^1].Runs.Select(one => one.Record.Seed)];
        Control[] controls = Controls(section, tickets);
        return string.Join(' ',
        [
            "lottery find", Begin(run), $"--data {DataOf(deepest)}",
            .. Data(run.Data), run.Supermask is { } supermask ? Learned(supermask) : Invariant($"--levels {run.Level}"),
            .. Training(training), .. Start(run), .. run.Prune is { } prune ? Pruning(prune) : [],
            .. run.Training.Steps == 0 && !run.IsPretrained ? ["--untrained"] : (string[])[], .. Files(run),
            .. controls.Length == 0 ? (string[])[] : [$"--controls {string.Join(',', controls.Select(KebabCase.Of))}"],
            Invariant($"--replicates {seeds.Length}"), Invariant($"--seed {seeds[0]}"),
        ]);
    }

    /// <summary>A mask and weights that are trained here come from a ticket, which has its network too.</summary>
    private static bool IsFromTicket(RunSpecification run) => run.Start is { Mask: not null, Initial: not null, Pretrained: null };

    private static string Begin(RunSpecification run) => IsFromTicket(run) ? "--from FILE"
        : $"--network {(IsNamed(run.Network) ? run.Network.Name : "FILE.yaml")}";

    private static IEnumerable<string> Files(RunSpecification run)
    {
        if (IsFromTicket(run)) yield break;
        if (run.Start?.Mask is not null) yield return "--mask FILE";
        if (run.Start?.Initial is not null) yield return "--initial FILE";
        if (run.Start?.Pretrained is not null) yield return "--final FILE";
    }

    private static IEnumerable<string> Data(DataSpecification data)
    {
        yield return Invariant($"--validation {data.Validation}");
        if (data.Scale != Scaling.Unit) yield return $"--scale {KebabCase.Of(data.Scale)}";
        if (data.Augment != Augmentation.None) yield return $"--augment {string.Join(',', data.Augment.Names())}";
    }

    private static string Learned(SupermaskSpecification supermask) =>
        $"--supermask {KebabCase.Of(supermask.Weights)}{(supermask.Rescale ? " --rescale" : "")}";

    private static IEnumerable<string> Training(TrainingSpecification training)
    {
        if (training.Steps > 0) yield return Invariant($"--steps {training.Steps}");
        yield return Invariant($"--evaluate {training.Evaluate} --batch {training.Batch} --lr {training.Optimizer.LearningRate}");
        if (training.Optimizer is Sgd sgd)
            yield return Invariant($"--optimizer sgd --momentum {sgd.Momentum} --weight-decay {sgd.WeightDecay}");
        LearningRateSchedule schedule = training.Schedule;
        if (!schedule.At.IsEmpty) yield return Invariant($"--lr-at {string.Join(',', schedule.At)} --lr-factor {schedule.Factor}");
        if (schedule.WarmUp > 0) yield return Invariant($"--warm-up {schedule.WarmUp}");
    }

    private static IEnumerable<string> Start(RunSpecification run)
    {
        if (run.Actions is not { } start) yield break;
        yield return $"--mask1 {start.Mask1} --mask0 {start.Mask0}";
        if (start.RewindTo > 0) yield return Invariant($"--rewind-to {start.RewindTo}");
    }

    private static IEnumerable<string> Pruning(PruneSpecification prune)
    {
        yield return $"--criterion {Quoted(prune.Criterion)} --schedule {KebabCase.Of(prune.Schedule)}";
        yield return prune.Threshold is { } threshold ? Invariant($"--threshold {threshold}")
            : Invariant($"--rate conv={prune.Rates.Conv},fc={prune.Rates.Fc},output={prune.Rates.Output} --scope {KebabCase.Of(prune.Scope)}");
    }

    /// <summary>The controls whose runs have tickets of this condition.</summary>
    private static Control[] Controls(ReportSection section, Condition tickets)
    {
        HashSet<string> ids = [.. tickets.Runs.Select(run => run.Id)];
        return
        [
            .. section.Conditions.Where(one => one.Control != Control.None && one.Runs.Any(run => run.Record.Ticket is { } ticket && ids.Contains(ticket)))
                .Select(one => one.Control).Distinct().Order(),
        ];
    }

    /// <summary>Whether the name alone brings the network back.</summary>
    private static bool IsNamed(Network network)
    {
        try
        {
            return NetworkCatalogue.Get(network.Name).Equals(network);
        }
        catch (UserException)
        {
            return false;
        }
    }

    private static string DataOf(StoredRun run) => KnownSet.Find(run.Record.Data) is { } known ? known.Name : "FOLDER";

    /// <summary>An expression has spaces and signs that a shell would take for its own.</summary>
    private static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
