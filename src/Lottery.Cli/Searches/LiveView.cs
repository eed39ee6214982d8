using System.Collections.Immutable;
using Lottery.Cli.Output;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lottery.Cli.Searches;

/// <summary>One side of a grid cell of a study, in the live view.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Runs">Its runs among those that are trained.</param>
internal sealed record LiveCell(string Name, ImmutableHashSet<RunSpecification> Runs)
{
    /// <summary>The sides of the cells, each with those of its runs that are missing.</summary>
    public static ImmutableArray<LiveCell> Of(StudyWork work)
    {
        Dictionary<string, RunSpecification> missing = work.Missing.ToDictionary(task => RunIdentity.Of(task.Run), task => task.Run);
        return [.. work.Plan.Shown.Select(side => new LiveCell(NameOf(work.Plan.Study, side), ImmutableHashSet.CreateRange<RunSpecification>(
            ReferenceEqualityComparer.Instance, side.Ids.Where(missing.ContainsKey).Select(id => missing[id]))))];
    }

    private static string NameOf(Study study, CellRuns side)
    {
        IEnumerable<string> values = study.Axes.Where(axis => axis != StudyTable.ControlAxis).Zip(side.Cell.Values, (axis, value) => $"{axis} {value.Text}");
        return string.Join(", ", side.Control == Control.None ? values : values.Append(Labels.Of(side.Control)));
    }
}

/// <summary>What Slurm says of a study, in the live view.</summary>
/// <param name="Line">A line about all tasks.</param>
/// <param name="Node">The node on which a run is trained; null where it is not known.</param>
internal sealed record SlurmNotes(Func<string> Line, Func<RunSpecification, string?> Node);

/// <summary>A view of the work that is updated in place: levels or grid cells, active runs, steps a second and time left.</summary>
internal static class LiveView
{
    private const int Milliseconds = 200, MostCells = 16, MostNotices = 3, MostAfterwards = 5;

    /// <summary>Shows <paramref name="progress"/> until <paramref name="work"/> ends, however it does.</summary>
    /// <param name="progress">The progress.</param>
    /// <param name="cells">The grid cells, where there are several.</param>
    /// <param name="work">The work.</param>
    /// <param name="terminal">The screen; what is said meanwhile stands in the view, and is said again after it.</param>
    /// <param name="slurm">What Slurm says, where the runs are trained there.</param>
    public static void Follow(SearchProgress progress, ImmutableArray<LiveCell> cells, Task work, Terminal terminal, SlurmNotes? slurm = null)
    {
        var notices = new List<string>();
        int failed = 0;
        terminal.Above = sentence => { lock (notices) notices.Add(terminal.Hints.In(sentence)); };
        try
        {
            IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
            LiveDisplay display = console.Live(View(progress.Plan, cells, progress.Now(), [], slurm))
                .AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top);
            display.Start(live =>
            {
                while (Task.WaitAny([work], Milliseconds) < 0 && !terminal.Interruption.IsOverdue)
                {
                    SearchProgress.Snapshot now = progress.Now();
                    Say(now);
                    string[] newest;
                    lock (notices) newest = [.. notices.TakeLast(MostNotices)];
                    live.UpdateTarget(View(progress.Plan, cells, now, newest, slurm));
                    live.Refresh();
                }
            });
        }
        finally
        {
            Say(progress.Now());
            terminal.Above = null;
            lock (notices)
            {
                foreach (string notice in notices.Take(MostAfterwards)) terminal.Say(notice);
                if (notices.Count > MostAfterwards) terminal.Say($"… and {NumberFormat.Count(notices.Count - MostAfterwards)} more like these.");
            }
        }

        void Say(SearchProgress.Snapshot now)
        {
            foreach (SearchProgress.Failure run in now.Failed[failed..]) if (run.Reason is not null) terminal.Say(PlainView.Fails(run));
            failed = now.Failed.Length;
        }
    }

    /// <summary>The view at one moment.</summary>
    internal static IRenderable View(
        IReadOnlyList<RunSpecification> plan, ImmutableArray<LiveCell> cells, SearchProgress.Snapshot now, IEnumerable<string> notices, SlurmNotes? slurm = null)
    {
        IEnumerable<IRenderable> active = now.Active.Select(run => new Text($"  {Line(run)}{(slurm?.Node(run.Run) is { } node ? $", on {Printable.Of(node)}" : "")}"));
        return new Rows(
        [
            cells.Length > 1 ? Cells(cells, now) : Levels(plan, now), .. active, .. notices.Select(notice => new Text($"  {Printable.Of(notice)}")),
            .. slurm is null ? (IRenderable[])[] : [new Text($"  {Printable.Of(slurm.Line())}")],
            new Markup($"  {Foot(plan.Count, now)}"),
        ]);
    }

    private static Table Levels(IReadOnlyList<RunSpecification> plan, SearchProgress.Snapshot now)
    {
        var levels = new Table { Border = TableBorder.None };
        levels.AddColumn(new TableColumn("level").RightAligned()).AddColumn(new TableColumn("density").RightAligned());
        Control[] controls = [.. plan.Select(run => run.Control).Distinct().Order()];
        foreach (Control control in controls) levels.AddColumn(Labels.Of(control));
        foreach (var level in plan.GroupBy(run => run.Level).OrderBy(level => level.Key))
        {
            SearchProgress.Done[] done = [.. now.Finished.Where(run => run.Run.Level == level.Key)];
            levels.AddRow(
            [
                $"{level.Key}",
                done.Length == 0 ? "" : NumberFormat.Density(done[0].Density),
                .. from control in controls
                   let finished = done.Where(run => run.Run.Control == control).ToArray()
                   select Cell(finished, level.Count(run => run.Control == control)),
            ]);
        }
        return levels;
    }

    /// <summary>A line for each grid cell, those under way first: cells are unlike, so nothing is averaged over them.</summary>
    private static Table Cells(ImmutableArray<LiveCell> cells, SearchProgress.Snapshot now)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumn("cell").AddColumn(new TableColumn("runs").RightAligned()).AddColumn(new TableColumn("density").RightAligned())
            .AddColumn(new TableColumn("accuracy").RightAligned());
        (LiveCell Cell, SearchProgress.Done[] Done)[] all =
            [.. cells.Where(cell => !cell.Runs.IsEmpty).Select(cell => (cell, now.Finished.Where(run => cell.Runs.Contains(run.Run)).ToArray()))];
        var shown = all.OrderBy(one => one.Done.Length == one.Cell.Runs.Count).ThenBy(one => one.Done.Length == 0).Take(MostCells);
        foreach ((LiveCell cell, SearchProgress.Done[] done) in shown)
        {
            SearchProgress.Done[] sparsest = done.Length == 0 ? [] : [.. done.Where(run => run.Run.Level == done.Max(one => one.Run.Level))];
            table.AddRow(
                new Text(Printable.Of(cell.Name)), new Text($"{done.Length}/{cell.Runs.Count}"),
                new Text(sparsest.Length == 0 ? "" : NumberFormat.Density(sparsest[0].Density)),
                new Text(sparsest.Length == 0 ? "" : NumberFormat.Percent(sparsest.Average(run => run.Accuracy))));
        }
        if (all.Length > MostCells) table.AddRow($"and {all.Length - MostCells} more cells", "", "", "");
        return table;
    }

    private static string Cell(SearchProgress.Done[] done, int planned) =>
        planned == 0 ? ""
        : done.Length == 0 ? $"[dim]0/{planned}[/]"
        : $"{NumberFormat.Percent(done.Average(run => run.Accuracy))} [dim]{done.Length}/{planned}[/]";

    private static string Line(RunProgress run)
    {
        string validation = run.Latest is { } latest ? $", validation {NumberFormat.Percent(latest.Accuracy)} %" : "";
        return $"seed {run.Run.Seed}, level {run.Run.Level}, {PlainView.What(run.Run)}: "
            + $"step {NumberFormat.Count(run.Step)} of {NumberFormat.Count(run.Run.Training.Steps)}{validation}";
    }

    private static string Foot(int planned, SearchProgress.Snapshot now)
    {
        string left = now.SecondsLeft is { } seconds && now.Finished.Length + now.Failed.Length < planned ? $" · {SearchSummary.About(seconds)} left" : "";
        int skipped = now.Failed.Count(run => run.Reason is null);
        string failed = now.Failed.IsEmpty ? "" : $" · {now.Failed.Length - skipped} failed{(skipped > 0 ? $", {skipped} skipped" : "")}";
        return $"[bold]{now.Finished.Length} of {planned} runs[/]{failed} · {NumberFormat.Count(now.StepsPerSecond)} steps/s"
            + $" · {NumberFormat.Duration(now.Elapsed)}{left}";
    }
}
