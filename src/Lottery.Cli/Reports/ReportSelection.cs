using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.Cli.Reports;

/// <summary>The runs that are reported on, as they are named on the command line.</summary>
internal sealed class ReportSelection
{
    private const int ShortestPrefix = 4;

    private readonly RunStore _store;
    private readonly SectionReader _reader;
    private readonly ImmutableArray<RunRecord> _all;

    public ReportSelection(RunStore store)
    {
        (_store, _reader, _all) = (store, new(store), store.List());
        if (_all.IsEmpty)
            throw new UserException($"There are no finished runs in {store.Paths.Root}, so there is nothing to report: "
                + "`lottery quickstart` makes some.");
    }

    /// <summary>A sentence for each thing that is not in the report.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            int underway = _store.ListUnderway().Length;
            if (underway > 0) yield return $"{NumberFormat.Count(underway)} {(underway == 1 ? "run is" : "runs are")} not finished yet and not in this report.";
            foreach (string problem in _reader.Problems) yield return $"A run is left out: {problem}";
        }
    }

    /// <summary>The sections: one a study that is named, and one for each kind of training of the runs that are.</summary>
    /// <param name="names">Studies' names or files, and beginnings of ids; everything where there are none.</param>
    /// <exception cref="UserException">A name means nothing, or nothing that is finished.</exception>
    public ImmutableArray<ReportSection> Sections(IReadOnlyList<string> names)
    {
        var sections = ImmutableArray.CreateBuilder<ReportSection>();
        var runs = new List<string>();
        foreach (string name in names.Distinct())
        {
            if (StudyNamed(name) is { } study) sections.AddRange(_reader.Read(Finished(study), study));
            else runs.AddRange(Line(Resolve(name)));
        }
        if (names.Count == 0) runs.AddRange(_all.Select(run => run.Id));
        sections.AddRange(_reader.Read(runs));
        if (sections.Count > 0) return sections.ToImmutable();
        throw new UserException($"None of the runs in {_store.Paths.Root} can be read: {_reader.Problems.FirstOrDefault()}");
    }

    private string? StudyNamed(string name)
    {
        bool isFile = Path.GetExtension(name) is ".yaml" or ".yml";
        string study = isFile ? Study.Read(name, new()).Name! : name;
        if (_store.StudyNames.Contains(study)) return study;
        return isFile ? throw new UserException($"{_store.Paths.Root} has no run of {study}: `lottery study run {name}` trains them.") : null;
    }

    private IEnumerable<string> Finished(string study)
    {
        HashSet<string> finished = [.. _all.Select(run => run.Id)];
        string[] ids = [.. _store.Study(study).Where(finished.Contains)];
        return ids.Length > 0 ? ids
            : throw new UserException($"No run of {study} is finished yet: `lottery study run` with its file goes on.");
    }

    private string Resolve(string name)
    {
        bool isId = name.Length >= ShortestPrefix && name.All(char.IsAsciiHexDigit);
        if (isId && (_all.Any(run => run.Id.StartsWith(name, StringComparison.OrdinalIgnoreCase)) || _store.StudyNames.IsEmpty))
            return _store.Resolve(name);
        string ending = Suggestion.Nearest(name, _store.StudyNames) is { } nearest ? $"did you mean '{nearest}'?"
            : _store.StudyNames.IsEmpty ? "it has no studies; `lottery runs list` shows the ids of its runs."
            : $"its studies are {string.Join(", ", _store.StudyNames)}, and `lottery runs list` shows the ids of its runs.";
        throw new UserException($"{_store.Paths.Root} has no study called '{name}' and no run whose id begins so; {ending}");
    }

    /// <summary>A run and those that its mask was cut from.</summary>
    private IEnumerable<string> Line(string id)
    {
        for (RunRecord? run = _all.First(one => one.Id == id); run is not null; run = _all.FirstOrDefault(one => one.Id == (run.Ticket ?? run.Parent)))
            yield return run.Id;
    }
}
