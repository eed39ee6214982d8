using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Files;

/// <summary>The runs of a study. Equal runs of several cells are one: the dense network of a seed serves all criteria.</summary>
/// <param name="File">The study.</param>
/// <param name="Tasks">The runs, each once, each after the one that it comes from.</param>
/// <param name="Shown">The runs of each side of each cell.</param>
/// <param name="Data">The sets, by what the file calls them.</param>
public sealed record StudyPlan(
    StudyFile File, ImmutableArray<RunTask> Tasks, ImmutableArray<CellRuns> Shown, ImmutableDictionary<string, Dataset> Data)
{
    /// <summary>The ids of <see cref="Tasks"/>.</summary>
    public ImmutableArray<string> Ids { get; } = [.. Tasks.Select(task => RunIdentity.Of(task.Run))];

    /// <summary>Plans a study.</summary>
    /// <param name="file">The study.</param>
    /// <param name="load">Loads a data set.</param>
    /// <param name="runs">Where runs are kept.</param>
    /// <param name="starts">Finds the masks and weights that cells begin with; may be null where none does.</param>
    /// <param name="progress">Told while a run trains.</param>
    /// <exception cref="UserException">A data set is not there, or a cell does not fit it; the sentence opens with a place.</exception>
    public static StudyPlan Of(
        StudyFile file, Func<string, Dataset> load, IRunStore runs, StartingPointReader? starts = null, IProgress<RunProgress>? progress = null)
    {
        var data = new Dictionary<string, Dataset>();
        var splits = new Dictionary<(string, int, ulong, Scaling, Augmentation), SplitDataset>();
        var tasks = new Dictionary<string, RunTask>();
        var shown = ImmutableArray.CreateBuilder<CellRuns>();
        foreach (StudyCell cell in file.Cells)
        {
            if (!data.TryGetValue(cell.DataSet, out Dataset? set))
                set = data[cell.DataSet] = cell.At(() => load(cell.DataSet), "data", "set");
            StartingPoint start = cell.Start(starts);
            TrainingSpecification training = cell.TrainingOn(set);
            var ids = new List<(RunSpecification Run, string Id)>();
            foreach (ulong seed in file.Seeds)
            {
                var key = (cell.DataSet, cell.Validation, seed, cell.Scale, cell.Augment);
                if (!splits.TryGetValue(key, out SplitDataset? split))
                    split = splits[key] = set.Split(cell.Validation, seed, cell.Scale, cell.Augment);
                foreach (RunTask task in TasksOf(cell, split, training, start, runs, progress, seed))
                {
                    string id = RunIdentity.Of(task.Run);
                    tasks.TryAdd(id, task);
                    ids.Add((task.Run, id));
                }
            }
            shown.AddRange(Sides(cell, ids));
        }
        return new(file, [.. tasks.Values], shown.ToImmutable(), data.ToImmutableDictionary());
    }

    /// <summary>A cell's tickets and each of its controls; where controls are an axis, what the cell stands for alone.</summary>
    private static IEnumerable<CellRuns> Sides(StudyCell cell, List<(RunSpecification Run, string Id)> ids)
    {
        Control[] sides = cell.Shown is { } one ? [one] : [Control.None, .. cell.Controls];
        return sides.Select(side => new CellRuns(cell, side,
            [.. ids.Where(run => run.Run.Control == side || run.Run.IsDense).Select(run => run.Id)]));
    }

    private static RunTask[] TasksOf(
        StudyCell cell, SplitDataset data, TrainingSpecification training, StartingPoint start, IRunStore runs, IProgress<RunProgress>? progress,
        ulong seed)
    {
        if (cell.Supermask is not { } supermask)
            return cell.At(() => RunTask.Of(Search(cell, data, training, start, runs, progress), seed).ToArray(), "prune");
        var search = new SupermaskSearch(cell.Network, data)
        {
            Supermask = supermask, Training = training, Runs = runs, Progress = progress,
        };
        return cell.At(() => RunTask.Of(search, seed).ToArray(), "network");
    }

    private static TicketSearch Search(
        StudyCell cell, SplitDataset data, TrainingSpecification training, StartingPoint start, IRunStore runs, IProgress<RunProgress>? progress) =>
        new(cell.Network, data)
        {
            Start = start,
            Criterion = cell.Criterion,
            Mask1 = cell.Mask1,
            Mask0 = cell.Mask0,
            Pruning = cell.Pruning,
            Training = training,
            Controls = cell.Controls,
            Runs = runs,
            Progress = progress,
        };
}

/// <summary>The runs of one side of a cell, of all seeds and levels.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Control">The tickets, or one of their controls.</param>
/// <param name="Ids">The runs' ids, the dense ones among them.</param>
public sealed record CellRuns(StudyCell Cell, Control Control, ImmutableArray<string> Ids);
