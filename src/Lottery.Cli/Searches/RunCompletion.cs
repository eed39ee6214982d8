using System.Collections.Immutable;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Searches;

/// <summary>Trains what is planned, shows how far it is, and stops when asked to.</summary>
internal sealed class RunCompletion(Terminal terminal, int jobs) : IProgress<RunProgress>
{
    private SearchProgress? _progress;

    /// <summary>Receives the progress of runs from the searches that complete the tasks.</summary>
    public void Report(RunProgress value) => _progress!.Advance(value);

    /// <summary>Finds out before the work starts whether its results can be kept.</summary>
    /// <exception cref="UserException">They cannot.</exception>
    public static void RequireStore(string store)
    {
        try
        {
            Directory.CreateDirectory(store);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(
                $"--store {store} cannot be used ({exception.Message.TrimEnd('.')}): name a folder that can be written.",
                inner: exception);
        }
    }

    /// <summary>Says before the work starts what is there already and how long the rest will take.</summary>
    /// <param name="there">Runs that are finished.</param>
    /// <param name="planned">All runs.</param>
    /// <param name="seconds">What the rest takes on one thread.</param>
    public void Announce(int there, int planned, double seconds)
    {
        string known = there == 0 ? "" : $"{there} of {planned} runs are there already. ";
        double each = seconds / Math.Min(jobs, planned);
        string wait = each < 1 ? "Less than a second" : $"About {NumberFormat.Duration(each)}";
        string rest = seconds == 0 ? "" : $"{wait}, by rule of thumb.";
        if (known + rest is { Length: > 0 } words) terminal.Say(words.TrimEnd());
    }

    /// <summary>Completes <paramref name="tasks"/>.</summary>
    /// <param name="store">Where they are kept, and told of what fails.</param>
    /// <param name="tasks">The runs.</param>
    /// <param name="there">The ids of those that are finished already.</param>
    /// <param name="cost">A run's length in any unit.</param>
    /// <param name="finished">Told each result, from the thread that trained.</param>
    /// <exception cref="UserException">A run failed, or the work was interrupted.</exception>
    public void Complete(
        RunStore store, ImmutableArray<RunTask> tasks, IReadOnlySet<string> there, Func<RunSpecification, double> cost, Action<RunResult> finished)
    {
        _progress = new([.. tasks.Select(task => task.Run)], cost, TimeProvider.System);
        var executor = new RunExecutor
        {
            Finished = result =>
            {
                finished(result);
                _progress.Finish(result, there.Contains(RunIdentity.Of(result.Specification)));
            },
            Failed = (run, failure) => Note(store, run, failure),
        };
        CancellationToken stop = terminal.Interruption.Token;
        var work = Task.Factory.StartNew(() => executor.Run(tasks, jobs, stop), TaskCreationOptions.LongRunning);
        if (terminal.Watched) LiveView.Follow(_progress, work, terminal.Interruption);
        else PlainView.Follow(_progress, work, terminal);
        if (!work.IsCompleted) throw Stopped(_progress.Now().Finished.Length, tasks.Length);
        Require(work.GetAwaiter().GetResult());
    }

    private static void Note(RunStore store, RunSpecification run, Exception failure)
    {
        try
        {
            store.Fail(run, failure.Message.ReplaceLineEndings(" "));
        }
        catch (UserException)
        {
            // The store cannot be written; the failure itself is told by the command.
        }
    }

    /// <summary>Goes on only where every run is finished.</summary>
    private void Require(ImmutableArray<RunOutcome> outcomes)
    {
        int finished = outcomes.Count(outcome => outcome.State == RunState.Finished);
        if (outcomes.FirstOrDefault(outcome => outcome.State == RunState.Failed) is { Failure: { } failure })
        {
            if (failure is UserException) throw failure;
            throw new InvalidOperationException(
                $"{outcomes.Length - finished} of {outcomes.Length} runs failed, the first by {failure.Message}", failure);
        }
        if (finished < outcomes.Length) throw Stopped(finished, outcomes.Length);
    }

    private UserException Stopped(int finished, int planned) => new(
        $"stopped with {finished} of {planned} runs done; all work is kept, and the same command goes on from here.",
        terminal.Interruption.ExitCode);
}
