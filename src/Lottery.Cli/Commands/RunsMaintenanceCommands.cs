using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Cli.Commands;

/// <summary>Checks that finished runs are unchanged.</summary>
internal sealed class RunsVerifyCommand : StoreCommand
{
    private const int MostNamed = 10;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Ids, or their beginnings; without one, all runs.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _again = new("--again")
    {
        Description = "Check all runs, also those that a check which was interrupted found to be as they were written.",
    };

    private long _said;
    private VerifyProgress _all;

    public RunsVerifyCommand(Terminal terminal)
        : base("verify", "Check runs against their recorded hashes and their seeds.", "lottery runs verify", terminal)
    {
        Add(_ids);
        Add(_again);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string[] ids = Resolve(store, parsed.GetValue(_ids));
        RunCheck[] checks = ids.Length > 0 ? [.. store.Verify(ids)] : VerifyAll(store, parsed.GetValue(_again));
        RunCheck[] damaged = [.. checks.Where(check => !check.Problems.IsEmpty)];
        DamagedFile[] others = parsed.GetValue(_ids) is { Length: > 0 } ? [] : [.. ListVerifier.Check(store.Paths)];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. checks.Select(Json), .. others.Select(Json)]));
        else
        {
            Write(Sentences(checks));
            foreach (DamagedFile other in others) Terminal.Say(other.Problem);
        }
        if (damaged.Length > 0)
            throw new WorkFailedException($"{damaged.Length} of {NumberFormat.Counted(_all.Before + checks.Length, "run")} {(damaged.Length == 1 ? "is" : "are")} damaged; "
                + $"{Advice(store, damaged)} so that {(damaged.Length == 1 ? "it" : "they")} can be trained again.");
        if (others.Length > 0)
            throw new WorkFailedException($"All {NumberFormat.Counted(_all.Before + checks.Length, "run")} are unchanged, but {NumberFormat.Counted(others.Length, "other file")} of the store "
                + $"{(others.Length == 1 ? "is" : "are")} damaged; what to do is said above.");
        if (!parsed.GetValue(Common.Json)) Write(Summary(checks, _all.Before));
        return 0;
    }

    private RunCheck[] VerifyAll(RunStore store, bool again)
    {
        Terminal.Interruption.Watch();
        long began = _said = Stopwatch.GetTimestamp();
        try
        {
            return [.. new StoreVerification(store) { Report = at => Say(at, began) }.Run(again, Terminal.Interruption.Token)];
        }
        catch (OperationCanceledException) when (Terminal.Interruption.Token.IsCancellationRequested)
        {
            throw new StoppedException($"The check was stopped at {NumberFormat.Count(_all.Checked)} of {NumberFormat.Count(_all.All)} runs; the same command goes on from there.");
        }
    }

    private void Say(VerifyProgress at, long began)
    {
        bool isFirst = _all.All == 0;
        _all = at;
        if (isFirst && at.Before > 0)
            Terminal.Say($"{NumberFormat.Count(at.Before)} of {NumberFormat.Counted(at.All, "run")} were found unchanged by a check that was interrupted, and look as they did then; "
                + "--again checks them once more.");
        if (Stopwatch.GetElapsedTime(_said) < s_pause || at.Checked == at.All) return;
        _said = Stopwatch.GetTimestamp();
        // Before the first are checked there is no pace.
        int now = at.Checked - at.Before;
        string left = now == 0 ? "" : $"; about {NumberFormat.Duration(Stopwatch.GetElapsedTime(began).TotalSeconds * (at.All - at.Checked) / now)} left";
        Terminal.Say($"{NumberFormat.Count(at.Checked)} of {NumberFormat.Count(at.All)} runs are checked{left}.");
    }

    /// <summary>Each problem once, then what could not be checked because of it.</summary>
    private static IEnumerable<string> Sentences(RunCheck[] checks)
    {
        foreach (string problem in checks.SelectMany(check => check.Problems).Distinct()) yield return problem;
        foreach (RunCheck check in checks.Where(check => check.IsRemoved)) yield return $"Run {RunIdentity.Short(check.Id)} is not there any more.";
        int blocked = checks.Count(check => check is { Unchecked: not null, Problems.IsEmpty: true });
        if (blocked > 0)
            yield return $"Of {NumberFormat.Counted(blocked, "run")} only the files were checked, since a run that {(blocked == 1 ? "it comes" : "they come")} from "
                + "cannot be read.";
    }

    private static string Summary(RunCheck[] checks, int before)
    {
        int removed = checks.Count(check => check.IsRemoved), unchanged = before + checks.Length - removed;
        return unchanged == 1 ? "1 run is unchanged." : $"{NumberFormat.Count(unchanged)} runs are unchanged.";
    }

    /// <summary>The command that removes the damaged runs: with all that come from them where that is needed.</summary>
    private static string Advice(RunStore store, RunCheck[] damaged)
    {
        string[] ids = [.. damaged.Select(check => check.Id)];
        var ancestors = store.Ancestors();
        int others = RunRemoval.WithDescendants(ids.Where(id => ancestors.TryGetValue(id, out var run) && run.Readable), ancestors).Except(ids).Count();
        string command = $"lottery runs rm {string.Join(' ', ids.Take(MostNamed).Select(RunIdentity.Short))}";
        string what = ids.Length == 1 ? "it" : ids.Length > MostNamed ? $"the first {MostNamed}" : "them";
        return others == 0 ? $"`{command}` removes {what},"
            : $"`{command} --with-descendants` removes {what} and the {NumberFormat.Counted(others, "run")} that {(others == 1 ? "comes" : "come")} from {what},";
    }

    private static JsonNode Json(RunCheck check) => new JsonObject
    {
        ["id"] = check.Id,
        ["file"] = null,
        ["problems"] = Output.Json.Array(check.Problems),
        ["removed"] = check.IsRemoved,
        ["unchecked"] = check.Unchecked,
    };

    /// <summary>A file beside the runs, with the same members as a run.</summary>
    private static JsonNode Json(DamagedFile other) => new JsonObject
    {
        ["id"] = null, ["file"] = other.Path, ["problems"] = Output.Json.Array([other.Problem]), ["removed"] = false, ["unchecked"] = null,
    };
}

/// <summary>Removes runs from a store.</summary>
internal sealed class RunsRemoveCommand : StoreCommand
{
    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Ids, or their beginnings; a run can be removed only together with the runs that were pruned from it.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _study = new("--study")
    {
        Description = "Remove a study and its runs, except for those that another study or another run needs.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _descendants = new("--with-descendants") { Description = "Remove the runs that come from them, too." };

    public RunsRemoveCommand(Terminal terminal) : base("rm", "Remove finished runs from a store.", "lottery runs rm 3f2a 91c0", terminal)
    {
        Add(_ids);
        Add(_study);
        Add(_descendants);
        Validators.Add(command =>
        {
            bool ids = command.GetResult(_ids)?.Tokens.Count > 0, study = command.GetResult(_study) is not null;
            if (ids == study) command.AddError(ids ? "Ids and --study are given together; give one of them." : "Nothing to remove is named; give ids, or --study NAME.");
        });
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        bool descendants = parsed.GetValue(_descendants);
        RemovedRuns removed;
        if (parsed.GetValue(_study) is { } study)
        {
            _ = StoredStudy.Ids(store, study);
            removed = store.RemoveStudy(study, descendants);
        }
        else removed = store.Remove(Resolve(store, parsed.GetValue(_ids)), descendants);
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["removed"] = Json.Array(removed.Ids), ["kept"] = Json.Array(removed.Kept) });
        else Write(Counted(removed.Ids.Length, "removed")
            + (removed.Kept.IsEmpty ? "" : $" {NumberFormat.Counted(removed.Kept.Length, "run")} of the study {(removed.Kept.Length == 1 ? "stays" : "stay")}, "
                + "since other studies or other runs need them."));
        return 0;
    }

    private static string Counted(int runs, string what) => runs == 1 ? $"1 run was {what}." : $"{NumberFormat.Count(runs)} runs were {what}.";
}

/// <summary>Removes what is left of interrupted and failed runs.</summary>
internal sealed class RunsDiscardCommand : StoreCommand
{
    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Ids of runs that are not finished, or their beginnings.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _all = new("--all") { Description = "Discard all interrupted and failed runs." };

    public RunsDiscardCommand(Terminal terminal) : base("discard", "Remove the checkpoints and records of interrupted and failed runs.",
        "lottery runs discard --all", terminal)
    {
        Add(_ids);
        Add(_all);
        Validators.Add(command =>
        {
            bool ids = command.GetResult(_ids)?.Tokens.Count > 0, all = command.GetResult(_all) is not null;
            if (ids == all) command.AddError(ids ? "Ids and --all are given together; give one of them." : "No run is named; give ids, or --all.");
        });
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string[]? ids = parsed.GetValue(_all) ? null : [.. (parsed.GetValue(_ids) ?? []).Select(store.ResolveActive).Distinct()];
        DiscardedLeftovers left = store.Discard(ids);
        if (ids is not null && left.Running.FirstOrDefault() is { } running && left.Ids.IsEmpty)
            throw new WorkFailedException($"Run {RunIdentity.Short(running)} is being trained by a process, and nothing of it was removed; stop that command first.");
        if (parsed.GetValue(Common.Json))
            Write(new JsonObject { ["discarded"] = Json.Array(left.Ids), ["running"] = Json.Array(left.Running), ["freed_bytes"] = left.Freed });
        else Write(Sentence(left));
        return 0;
    }

    private static string Sentence(DiscardedLeftovers left) =>
        $"{NumberFormat.Counted(left.Ids.Length, "unfinished run")} {(left.Ids.Length == 1 ? "was" : "were")} discarded, {NumberFormat.Size(left.Freed)} freed."
        + (left.Running.IsEmpty ? "" : $" {NumberFormat.Counted(left.Running.Length, "run")} {(left.Running.Length == 1 ? "is" : "are")} being trained and "
            + $"{(left.Running.Length == 1 ? "stays" : "stay")}.");
}

/// <summary>Removes what crashed processes left behind.</summary>
internal sealed class RunsCollectCommand(Terminal terminal)
    : StoreCommand("gc", "Remove files that crashed processes left behind; checkpoints of interrupted runs stay.", "lottery runs gc", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        long freed = Open(parsed).CollectGarbage();
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["freed_bytes"] = freed });
        else Write($"{NumberFormat.Size(freed)} freed.");
        return 0;
    }
}
