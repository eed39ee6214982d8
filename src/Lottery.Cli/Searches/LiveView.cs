using Lottery.Cli.Output;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lottery.Cli.Searches;

/// <summary>A view of the search that is updated in place: levels, active runs, steps a second and time left.</summary>
internal static class LiveView
{
    private const int Milliseconds = 200;

    /// <summary>Shows <paramref name="progress"/> until <paramref name="work"/> ends, however it does.</summary>
    public static void Follow(SearchProgress progress, Task work, Interruption interruption)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        LiveDisplay display = console.Live(View(progress.Plan, progress.Now()))
            .AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top);
        display.Start(live =>
        {
            while (Task.WaitAny([work], Milliseconds) < 0 && !interruption.IsOverdue)
            {
                live.UpdateTarget(View(progress.Plan, progress.Now()));
                live.Refresh();
            }
        });
    }

    /// <summary>The view at one moment.</summary>
    internal static IRenderable View(IReadOnlyList<RunSpecification> plan, SearchProgress.Snapshot now)
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
        IEnumerable<IRenderable> active = now.Active.Select(run => new Text($"  {Line(run)}"));
        return new Rows([levels, .. active, new Markup($"  {Foot(plan.Count, now)}")]);
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
        string left = now.SecondsLeft is { } seconds ? $" · about {NumberFormat.Duration(seconds)} left" : "";
        return $"[bold]{now.Finished.Length} of {planned} runs[/] · {NumberFormat.Count(now.StepsPerSecond)} steps/s"
            + $" · {NumberFormat.Duration(now.Elapsed)}{left}";
    }
}
