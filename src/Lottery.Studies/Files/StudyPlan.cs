using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Settings;
using Lottery.Training;

namespace Lottery.Studies.Files;

/// <summary>The runs of a study. Equal runs of several cells are one: the dense network of a seed serves all criteria.</summary>
/// <param name="Study">The study.</param>
/// <param name="Searches">The search of each cell, in the order of the cells.</param>
/// <param name="Tasks">The runs, each once, each after the one that it comes from.</param>
/// <param name="Own">The ids of the cells' runs: all but those that only give their masks to others.</param>
/// <param name="Shown">The runs of each side of each cell.</param>
/// <param name="Data">The data sets, by what the study calls them.</param>
internal sealed record StudyPlan(
    Study Study, ImmutableArray<SearchDefinition> Searches, ImmutableArray<RunTask> Tasks, ImmutableHashSet<string> Own, ImmutableArray<CellRuns> Shown,
    ImmutableDictionary<string, Dataset> Data)
{
    /// <summary>The ids of <see cref="Tasks"/>.</summary>
    public ImmutableArray<string> Ids { get; } = [.. Tasks.Select(task => RunIdentity.Of(task.Run))];

    /// <summary>The ids of the cells' runs, those of the reference first: the order in which the store lists a study.</summary>
    public ImmutableArray<string> ReferenceFirst =>
        [.. Shown.Where(side => side.Cell == Study.Reference).SelectMany(side => side.Ids).Concat(Ids.Where(Own.Contains)).Distinct()];

    /// <summary>The settings that vary between conditions, by their columns in <c>runs</c>.</summary>
    public ImmutableArray<string> Axes
    {
        get
        {
            RunSpecification[] own = [.. Tasks.Where((_, i) => Own.Contains(Ids[i])).Select(task => task.Run)];
            return [.. RunFields.Varying(own).Select(setting => setting.Name)];
        }
    }

    /// <summary>A sentence for each thing that the user should know before the runs are trained.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Plans a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="load">Loads a data set.</param>
    /// <param name="runs">Where runs are kept.</param>
    /// <param name="reader">Reads the masks and weights that cells begin with; may be null where none does.</param>
    /// <param name="progress">Receives the progress of runs, from the training threads.</param>
    /// <param name="device">Where they are trained; null for the processor.</param>
    /// <exception cref="UserException">A data set is missing, or a cell does not fit it; the sentence names the location or the option.</exception>
    public static StudyPlan Create(
        Study study, Func<string, Dataset> load, IRunStore runs, StartingPointReader? reader = null, IProgress<RunProgress>? progress = null,
        ITrainingDevice? device = null)
    {
        var data = new Dictionary<string, Dataset>();
        var splits = new Dictionary<(string, ulong, DataSettings), SplitDataset>();
        var tasks = new Dictionary<string, RunTask>();
        var own = ImmutableHashSet.CreateBuilder<string>();
        var notes = new List<string>();
        var searches = ImmutableArray.CreateBuilder<SearchDefinition>();
        var shown = ImmutableArray.CreateBuilder<CellRuns>();
        foreach (StudyCell cell in study.Cells)
        {
            Dataset set = Load(cell);
            SearchDefinition search = cell.On(set, reader);
            searches.Add(search);
            if (cell.HeldOutOn(set, reader).Note is { } note) notes.Add(note);
            (SearchDefinition Search, Dataset Data)? masks = cell.Masks is { } from ? (from.Cell.On(Load(from.Cell), reader), Load(from.Cell)) : null;
            var ids = new List<(RunSpecification Run, string Id)>();
            foreach (ulong seed in search.Seeds)
            {
                var key = (cell.DataSet, seed, search.Data);
                if (!splits.TryGetValue(key, out SplitDataset? split)) split = splits[key] = search.Split(set, seed);
                TransferSource? source = masks is { } origin ? cell.Masks!.Source(origin.Search, origin.Data, seed, runs, progress, device) : null;
                IRunSearch made = (search with { Transfer = source }).CreateSearch(split, runs, progress, device);
                if (source?.Tickets.FirstOrDefault() is { } ticket && HeldOut.NoteOf(search, set, seed, ticket) is { } other) notes.Add(other);
                if (source is not null)
                    foreach (RunTask task in cell.At("mask", () => RunTask.Of(source.Search, source.Seed).ToArray())) tasks.TryAdd(RunIdentity.Of(task.Run), task);
                foreach (RunTask task in cell.At(search.Supermask is null ? "prune" : "network", () => RunTask.Of(made, seed).ToArray()))
                {
                    string id = RunIdentity.Of(task.Run);
                    tasks.TryAdd(id, task);
                    own.Add(id);
                    ids.Add((task.Run, id));
                }
            }
            shown.AddRange(Sides(cell, ids));
        }
        Dataset Load(StudyCell cell)
        {
            if (!data.TryGetValue(cell.DataSet, out Dataset? set)) set = data[cell.DataSet] = cell.At("data.set", () => load(cell.DataSet));
            return set;
        }

        KeepSnapshots(tasks);
        return new(study, searches.ToImmutable(), [.. tasks.Values], own.ToImmutable(), shown.ToImmutable(), data.ToImmutableDictionary())
        {
            Notes = [.. notes.Distinct()],
        };
    }

    /// <summary>A dense run that several cells share keeps its weights at every step that any of them rewinds to.</summary>
    private static void KeepSnapshots(Dictionary<string, RunTask> tasks)
    {
        foreach (var steps in tasks.Values.Where(task => task.Run.FirstStep > 0 && StartingWeights.NeedDense(task.Run)).GroupBy(task => RunIdentity.Of(task.Run.DenseRun!), task => task.Run.FirstStep).ToArray())
            if (tasks.GetValueOrDefault(steps.Key)?.Search is TicketSearch search) search.Snapshots = [.. steps.Distinct()];
    }

    /// <summary>A cell's tickets and each of its controls; where controls are an axis, only the side that the cell shows.</summary>
    private static IEnumerable<CellRuns> Sides(StudyCell cell, List<(RunSpecification Run, string Id)> ids)
    {
        Control[] sides = cell.Shown is { } one ? [one] : [Control.None, .. cell.Definition.Controls.Select(one => one.Control)];
        return sides.Select(side => new CellRuns(cell, side,
            [.. ids.Where(run => run.Run.Control == side || run.Run.IsDense).Select(run => run.Id)]));
    }
}

/// <summary>The runs of one side of a cell, of all seeds and levels.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Control">The tickets, or one of their controls.</param>
/// <param name="Ids">The runs' ids, the dense ones among them.</param>
internal sealed record CellRuns(StudyCell Cell, Control Control, ImmutableArray<string> Ids);
