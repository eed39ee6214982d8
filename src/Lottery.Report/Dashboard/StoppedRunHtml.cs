using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>Why a run stopped, and the commands that resume and discard it.</summary>
internal static class StoppedRunHtml
{
    /// <summary>Why the last attempt failed; empty for a run that did not fail.</summary>
    public static Html Reason(ActiveRun run) => run.Failure is not { } failure ? Html.Empty
        : Html.Of($"<p class=\"reason\">{failure.Reason} <span class=\"note\">{Attempts(failure)}{PageParts.Time(failure.At)}</span></p>");

    private static string Attempts(RunFailure failure) => failure.Attempts > 1 ? $"{NumberFormat.Count(failure.Attempts)} attempts, the last " : "";

    /// <summary>The command that was to train a run; null if it is not known.</summary>
    public static ActiveJob? FindJob(ActiveRun run, StoreSnapshot now) =>
        now.ActiveJobs.FirstOrDefault(job => job.Command is not null && job.Runs.Any(planned => planned.Id == run.Id));

    /// <summary>The command that resumes runs and the one that discards them. Neither can be given from a page, which only reads.</summary>
    /// <param name="runs">Runs of one command that no process trains; at least one.</param>
    /// <param name="now">The store.</param>
    /// <param name="commands">The commands that the page names.</param>
    public static Html Commands(ActiveRun[] runs, StoreSnapshot now, StoreCommands commands) => Html.Of($"""
        {Resume(FindJob(runs[0], now))}
        <p class="note">This removes the {(runs.Length == 1 ? "checkpoint" : "checkpoints")}; finished runs stay:</p>
        {CommandHtml.Render(commands.Discard(runs.Select(run => run.Id)))}
        """);

    /// <summary>The command that resumes the runs of a job, and where it was given.</summary>
    public static Html Resume(ActiveJob? job) => job is not { Command: { } command }
        ? Html.Of($"<p class=\"note\">The command that started it resumes it.</p>")
        : Html.Of($"""
            <p class="note">This command resumes{(job.Folder is { } folder ? Html.Of($", in the folder <code>{folder}</code>") : Html.Empty)}:</p>
            {CommandHtml.Render(command)}
            """);
}
