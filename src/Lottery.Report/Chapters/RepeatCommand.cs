using System.Collections.Immutable;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Chapters;

/// <summary>The command that searches a treatment's tickets, with the controls they have, once more.</summary>
public static class RepeatCommand
{
    /// <summary>
    /// <c>lottery find …</c> for each treatment that is a search; null for one that only a study file can state.
    /// </summary>
    /// <param name="chapter">The runs.</param>
    /// <param name="specification">A run's specification, by its id.</param>
    public static ImmutableArray<string?> Of(Chapter chapter, Func<string, RunSpecification> specification) =>
    [
        .. chapter.Treatments.Where(one => one.Control == Control.None).Select(one =>
        {
            StoredRun deepest = one.Levels[^1].Runs[0];
            return Of(chapter, one, deepest, specification(deepest.Id));
        }),
    ];

    private static string? Of(Chapter chapter, Treatment tickets, StoredRun deepest, RunSpecification run)
    {
        TrainingSpecification training = run.Dense.Training, plain = new()
        {
            Optimizer = training.Optimizer is Sgd ? Optimizer.Sgd(training.Optimizer.LearningRate) : Optimizer.Adam(training.Optimizer.LearningRate),
            Steps = training.Steps, Batch = training.Batch, Evaluate = training.Evaluate,
        };
        if (!training.Equals(plain) || !IsNamed(run.Network) || run.Data.Scale != Scaling.Unit) return null;
        ulong[] seeds = [.. tickets.Levels[^1].Runs.Select(one => one.Record.Seed)];
        var words = new List<string>
        {
            "lottery find", $"--network {run.Network.Name}", $"--data {DataOf(deepest)}", Invariant($"--validation {run.Data.Validation}"),
            Invariant($"--levels {run.Level}"), Invariant($"--steps {training.Steps}"), Invariant($"--evaluate {training.Evaluate}"),
            Invariant($"--batch {training.Batch}"), training.Optimizer is Sgd ? "--optimizer sgd" : "--optimizer adam",
            Invariant($"--lr {training.Optimizer.LearningRate}"),
        };
        if (run.Prune is { } prune) words.AddRange(Pruning(prune, untrained: run.Training.Steps == 0));
        if (Controls(chapter, tickets) is { Length: > 0 } controls) words.Add($"--controls {string.Join(',', controls.Select(KebabCase.Of))}");
        words.Add(Invariant($"--replicates {seeds.Length}"));
        words.Add(Invariant($"--seed {seeds[0]}"));
        return string.Join(' ', words);
    }

    private static IEnumerable<string> Pruning(PruneSpecification prune, bool untrained)
    {
        yield return Invariant($"--rate conv={prune.Rates.Conv},fc={prune.Rates.Fc},output={prune.Rates.Output}");
        yield return $"--criterion {Quoted(prune.Criterion)}";
        yield return $"--mask1 {prune.Mask1} --mask0 {prune.Mask0} --scope {KebabCase.Of(prune.Scope)}";
        // Masks on untrained weights are one-shot in any case.
        yield return untrained ? "--untrained" : $"--schedule {KebabCase.Of(prune.Schedule)}";
        if (prune.RewindTo > 0) yield return Invariant($"--rewind-to {prune.RewindTo}");
    }

    /// <summary>The controls whose runs have tickets of this treatment.</summary>
    private static Control[] Controls(Chapter chapter, Treatment tickets)
    {
        HashSet<string> ids = [.. tickets.Runs.Select(run => run.Id)];
        return
        [
            .. chapter.Treatments.Where(one => one.Control != Control.None && one.Runs.Any(run => run.Record.Ticket is { } ticket && ids.Contains(ticket)))
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
