using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Tables;

namespace Lottery.Cli.Searches;

/// <summary>Carries out a search: plans it, trains what is not there yet, shows how far it is, and sums it up.</summary>
internal sealed class TicketHunt(Terminal terminal, ParseResult parsed)
{
    private readonly ulong _seed = parsed.GetValue(Common.Seed);
    private readonly int _jobs = parsed.GetValue(Common.Jobs);
    private readonly string _store = parsed.GetValue(Common.Store)!;
    private readonly bool _json = parsed.GetValue(Common.Json);
    private readonly ConcurrentDictionary<string, Outcome> _outcomes = [];
    private SearchProgress? _progress;

    /// <summary>Searches <paramref name="data"/>.</summary>
    /// <param name="request">What is searched for.</param>
    /// <param name="data">The examples.</param>
    /// <param name="next">What to try next.</param>
    /// <exception cref="UserException">The request does not fit the data, a run failed, or it was interrupted.</exception>
    public void Run(SearchRequest request, Dataset data, string next)
    {
        terminal.Interruption.Watch();
        long start = TimeProvider.System.GetTimestamp();
        request.RequireFit(data);
        TrainingSpecification training = request.TrainingOn(data);
        RequireStore();
        var store = new RunStore(_store) { Warn = terminal.Say };
        store.NameData(data);
        ImmutableArray<RunTask> tasks =
            [.. Seeds(request).SelectMany(seed => RunTask.Of(Search(request, data, training, store, seed), seed))];
        Tell(SearchSummary.Title(KnownSet.Find(data.Name)?.Title ?? data.Name, request, training));
        Complete(tasks, data, store);

        string[] ids = [.. tasks.Select(task => RunIdentity.Of(task.Run))];
        var table = CellTable.Of(ids.Select(id => _outcomes[id]), data.Test.Count);
        if (_json)
        {
            terminal.WriteLine(Json.Text(TableJson.Of(ids, table)));
            return;
        }
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        string end = SearchSummary.End(seconds, ids.Length, _store, next);
        foreach (string line in (string[])["", .. SearchSummary.Lines(table), "", end]) terminal.WriteLine(line);
    }

    /// <summary>Finds out before the work starts whether its results can be kept.</summary>
    private void RequireStore()
    {
        try
        {
            Directory.CreateDirectory(_store);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(
                $"--store {_store} cannot be used ({exception.Message.TrimEnd('.')}): name a folder that can be written.",
                inner: exception);
        }
    }

    private IEnumerable<ulong> Seeds(SearchRequest request) =>
        Enumerable.Range(0, request.Replicates).Select(replicate => unchecked(_seed + (ulong)replicate));

    private TicketSearch Search(SearchRequest request, Dataset data, TrainingSpecification training, RunStore store, ulong seed) =>
        new(request.Network, data.Split(request.Validation, seed))
        {
            Criterion = request.Criterion,
            Mask1 = request.Mask1,
            Mask0 = request.Mask0,
            Pruning = request.Pruning,
            Training = training,
            Controls = request.Controls,
            Runs = store,
            Progress = progress => _progress!.Advance(progress),
        };

    private void Complete(ImmutableArray<RunTask> tasks, Dataset data, RunStore store)
    {
        HashSet<string> there =
            [.. tasks.Select(task => RunIdentity.Of(task.Run)).Where(id => Directory.Exists(store.Paths.Run(id)))];
        double Cost(RunSpecification run) => WorkEstimate.Seconds(run, data.Test.Count);
        double seconds = tasks.Where(task => !there.Contains(RunIdentity.Of(task.Run))).Sum(task => Cost(task.Run));
        string known = there.Count == 0 ? "" : $"{there.Count} of {tasks.Length} runs are there already. ";
        double each = seconds / Math.Min(_jobs, tasks.Length);
        string wait = each < 1 ? "Less than a second" : $"About {Figures.Duration(each)}";
        string rest = seconds == 0 ? "" : $"{wait}, by rule of thumb.";
        if (known + rest is { Length: > 0 } words) terminal.Say(words.TrimEnd());
        _progress = new([.. tasks.Select(task => task.Run)], Cost, TimeProvider.System);
        var executor = new RunExecutor
        {
            Finished = result =>
            {
                string id = RunIdentity.Of(result.Specification);
                _outcomes[id] = Outcome.Of(result);
                _progress.Finish(result, there.Contains(id));
            },
        };
        CancellationToken stop = terminal.Interruption.Token;
        var work = Task.Factory.StartNew(() => executor.Run(tasks, _jobs, stop), TaskCreationOptions.LongRunning);
        if (terminal.Watched) LiveView.Follow(_progress, work, terminal.Interruption);
        else PlainView.Follow(_progress, work, terminal);
        if (!work.IsCompleted) throw Stopped(_progress.Now().Finished.Length, tasks.Length);
        Require(work.GetAwaiter().GetResult());
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

    private void Tell(string line)
    {
        if (_json) terminal.Say(line);
        else
        {
            terminal.WriteLine(line);
            terminal.Flush();
        }
    }
}
