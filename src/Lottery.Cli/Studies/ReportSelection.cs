using System.Collections.Immutable;
using Lottery.Cli.Options;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Cli.Studies;

/// <summary>The runs of a report, selected by the arguments of the command line.</summary>
internal sealed class ReportSelection
{
    private const int ShortestPrefix = 4, MostFailed = 5;

    private readonly RunStore _store;
    private readonly SectionReader _reader;
    private readonly ImmutableArray<RunSummary> _all;
    private readonly ComparisonSettings _settings;
    private HashSet<string> _chosen = [], _stated = [];

    /// <summary>A selection from a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="settings">How results are measured, compared and judged; null for the usual way.</param>
    /// <exception cref="UserException">The store has no finished run.</exception>
    public ReportSelection(RunStore store, ComparisonSettings? settings = null)
    {
        (_store, _all, _settings) = (store, store.List(), settings ?? new());
        _reader = new(store, finished: _all) { Settings = _settings };
        if (_all.IsEmpty)
            throw new UserException($"There are no finished runs in {store.Paths.Root}, so there is nothing to report; "
                + "`lottery quickstart` creates some.");
    }

    /// <summary>A sentence for what the report leaves out; sections of studies name what they lack themselves.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            HashSet<string> finished = [.. _all.Select(run => run.Id)], planned = [.. _store.StudyNames.SelectMany(study => _store.Study(study))];
            ActiveRun[] left = [.. _store.ListActive().Where(run => !finished.Contains(run.Id) && !planned.Contains(run.Id) && !_stated.Contains(run.Id) && IsOfSelection(run))];
            ActiveRun[] failed = [.. left.Where(run => run.Failure is { IsSkipped: false })];
            foreach (ActiveRun run in failed.Take(MostFailed))
                yield return $"A run of {run.Network} on {run.Data} failed (seed {run.Seed}, level {run.Level}) and is not in this report: {run.Failure!.Reason}";
            if (failed.Length > MostFailed) yield return $"{NumberFormat.Counted(failed.Length - MostFailed, "more run")} failed.";
            int missing = left.Count(run => run.Failure is null);
            if (missing > 0) yield return $"{NumberFormat.Count(missing)} {(missing == 1 ? "run is" : "runs are")} not finished yet and not in this report.";
        }
    }

    /// <summary>The settings that <c>--by</c> names.</summary>
    /// <exception cref="UserException">A name is no setting; the sentence names the nearest.</exception>
    public static ImmutableArray<RunField> Settings(string? by) =>
    [
        .. (by ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
            RunFields.Get(name) is { Setting: not null } field ? field
                : throw new UserException($"--by {name}: {name} is not a setting; use one or more of {string.Join(", ", RunFields.Settings.Select(one => one.Name))}.")),
    ];

    /// <summary>Every finished run, by id.</summary>
    public IReadOnlyDictionary<string, RunSummary> All => field ??= _all.ToDictionary(run => run.Id);

    /// <summary>The runs that <paramref name="names"/> name, if each is the beginning of an id and none a study; otherwise null.</summary>
    /// <exception cref="UserException">A name matches no study and no run, or several runs.</exception>
    public IReadOnlyList<RunSummary>? Runs(IReadOnlyList<string> names) =>
        names.Any(name => StudyNamed(name) is not null) ? null : [.. names.Select(Resolve).Distinct().Select(id => All[id])];

    /// <summary>
    /// The report's sections: those of each named study, and one for each network, data and training among the other runs;
    /// with <paramref name="by"/> runs that differ in these settings are one section, whether they are a study or not.
    /// </summary>
    /// <param name="names">Names or files of studies, and beginnings of ids; without one, everything in the store.</param>
    /// <param name="by">Settings to compare by; empty for none.</param>
    /// <exception cref="UserException">A name matches no study and no run, or none that is finished or has the metric.</exception>
    public ImmutableArray<ReportSection> Sections(IReadOnlyList<string> names, ImmutableArray<RunField> by)
    {
        List<string> studies = [], runs = [];
        foreach (string name in names.Distinct())
        {
            if (StudyNamed(name) is { } study)
            {
                RequireFinished(study);
                studies.Add(study);
            }
            else runs.AddRange(WithAncestors(Resolve(name)));
        }
        if (names.Count == 0)
        {
            studies.AddRange(_store.StudyNames.Where(study => _all.Any(run => run.Studies.Contains(study))));
            runs.AddRange(_all.Where(run => run.Studies.IsEmpty).Select(run => run.Id));
        }
        _chosen = [.. studies.SelectMany(study => _store.Study(study)), .. runs];
        ImmutableArray<ReportSection> sections = by.IsEmpty
            ? [.. studies.SelectMany(study => _reader.ReadStudy(study)), .. _reader.Read(runs, planned: [.. Planned(runs)])]
            : _reader.Read(studies.SelectMany(study => _store.Study(study)).Concat(runs), by, [.. _chosen, .. Planned(runs)]);
        _stated = [.. sections.SelectMany(section => section.Missing.Lost.Select(run => run.Id))];
        if (!sections.IsEmpty) return ComparisonOptions.Require(_settings, sections);
        throw new UserException($"None of the runs in {_store.Paths.Root} can be read; `lottery runs verify` names what is damaged.");
    }

    /// <summary>What was not finished of the searches that the runs are of, as far as they come from them or have seeds of their own.</summary>
    private IEnumerable<string> Planned(List<string> runs)
    {
        HashSet<string> chosen = [.. runs];
        bool isAll = _all.All(run => !run.Studies.IsEmpty || chosen.Contains(run.Id));
        return _store.ListActive().Where(run => isAll || (run.Parent is { } parent && chosen.Contains(parent))).Select(run => run.Id);
    }

    private bool IsOfSelection(ActiveRun run) => _chosen.Contains(run.Id) || (run.Parent is { } parent && _chosen.Contains(parent));

    private string? StudyNamed(string name)
    {
        bool isFile = Path.GetExtension(name) is ".yaml" or ".yml";
        string study = isFile ? Study.Read(name, new()).Name! : name;
        if (_store.StudyNames.Contains(study)) return study;
        return isFile ? throw new UserException($"{_store.Paths.Root} has no run of {study}: `lottery study run {name}` trains its runs.") : null;
    }

    private void RequireFinished(string study)
    {
        if (!_all.Any(run => run.Studies.Contains(study)))
            throw new UserException($"No run of {study} is finished yet; {StoredStudy.HowToTrain(study)}.");
    }

    private string Resolve(string name)
    {
        bool isId = name.Length >= ShortestPrefix && name.All(char.IsAsciiHexDigit);
        if (isId && (_all.Any(run => run.Id.StartsWith(name, StringComparison.OrdinalIgnoreCase)) || _store.StudyNames.IsEmpty))
            return _store.Resolve(name);
        string ending = Suggestion.Nearest(name, _store.StudyNames) is { } nearest ? $"did you mean '{nearest}'?"
            : _store.StudyNames.IsEmpty ? "it has no studies; `lottery runs list` shows the ids of its runs."
            : $"its studies are {string.Join(", ", _store.StudyNames)}, and `lottery runs list` shows the ids of its runs.";
        throw new UserException($"{_store.Paths.Root} has no study called '{name}' and no run whose id begins with it; {ending}");
    }

    /// <summary>A run and its ancestors: the runs that its mask was pruned from.</summary>
    private IEnumerable<string> WithAncestors(string id)
    {
        for (RunSummary? run = _all.FirstOrDefault(one => one.Id == id); run is not null; run = _all.FirstOrDefault(one => one.Id == (run.Ticket ?? run.Parent)))
            yield return run.Id;
    }
}
