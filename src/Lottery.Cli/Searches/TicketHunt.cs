using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.Cli.Searches;

/// <summary>Carries out a search: plans it, trains what is not there yet, shows how far it is, and sums it up.</summary>
internal sealed class TicketHunt(Terminal terminal, ParseResult parsed)
{
    private readonly ulong _seed = parsed.GetValue(Common.Seed);
    private readonly string _store = parsed.GetValue(Common.Store)!;
    private readonly bool _json = parsed.GetValue(Common.Json);
    private readonly ConcurrentDictionary<string, Outcome> _outcomes = [];
    private readonly RunCompletion _work = new(terminal, parsed.GetValue(Common.Jobs));

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
        var store = new RunStore(_store) { Warn = terminal.Say };
        StartingPoint given = request.From ?? new StartingPointReader(store).Read(request.Mask, request.Initial, request.Final, request.Network);
        ImmutableArray<RunTask> tasks =
            [.. Seeds(request).SelectMany(seed => Tasks(request, data, training, given, store, seed))];
        RunCompletion.RequireStore(_store);
        store.NameData(data);
        string title = SearchSummary.Title(KnownSet.Find(data.Name)?.Title ?? data.Name, request, training, given.Mask);
        Tell(title);
        if (given.IsFineTuning)
            terminal.Say("No --initial weights given: each level continues from the pretrained weights (fine-tuning).");
        Complete(title, tasks, data, store);

        string[] ids = [.. tasks.Select(task => RunIdentity.Of(task.Run))];
        (JsonNode json, IEnumerable<string> lines) = request.Supermask is null ? OfPruning(ids, data) : OfLearning(ids, data);
        if (_json)
        {
            terminal.WriteLine(Json.Text(json));
            return;
        }
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        string end = SearchSummary.End(seconds, ids.Length, _store, next);
        foreach (string line in (string[])["", .. lines, "", end]) terminal.WriteLine(line);
    }

    private (JsonNode, IEnumerable<string>) OfPruning(string[] ids, Dataset data)
    {
        var table = SearchTable.Create(ids.Select(id => _outcomes[id]), data.Test.Count);
        return (TableJson.Write(ids, table), SearchSummary.Lines(table));
    }

    private (JsonNode, IEnumerable<string>) OfLearning(string[] ids, Dataset data)
    {
        var table = SupermaskTable.Create(ids.Select(id => _outcomes[id]), data.Test.Count);
        return (TableJson.Write(ids, table), SearchSummary.Lines(table));
    }

    private IEnumerable<RunTask> Tasks(
        SearchRequest request, Dataset data, TrainingSpecification training, StartingPoint given, RunStore store, ulong seed)
    {
        SplitDataset split = data.Split(request.Validation, seed, request.Scale, request.Augment);
        if (request.Supermask is not { } supermask) return RunTask.Of(Search(request, split, training, given, store), seed);
        var search = new SupermaskSearch(request.Network, split)
        {
            Supermask = supermask, Training = training, Runs = store, Progress = _work,
        };
        return RunTask.Of(search, seed);
    }

    private IEnumerable<ulong> Seeds(SearchRequest request) =>
        Enumerable.Range(0, request.Replicates).Select(replicate => unchecked(_seed + (ulong)replicate));

    private TicketSearch Search(
        SearchRequest request, SplitDataset data, TrainingSpecification training, StartingPoint given, RunStore store) =>
        new(request.Network, data)
        {
            Start = given,
            Criterion = request.Criterion,
            Mask1 = request.Mask1,
            Mask0 = request.Mask0,
            Pruning = request.Pruning,
            Training = training,
            Controls = request.Controls,
            Runs = store,
            Progress = _work,
        };

    private void Complete(string title, ImmutableArray<RunTask> tasks, Dataset data, RunStore store)
    {
        HashSet<string> there =
            [.. tasks.Select(task => RunIdentity.Of(task.Run)).Where(id => Directory.Exists(store.Paths.Run(id)))];
        double Cost(RunSpecification run) => WorkEstimate.Seconds(run, data.Test.Count);
        double seconds = tasks.Where(task => !there.Contains(RunIdentity.Of(task.Run))).Sum(task => Cost(task.Run));
        _work.Announce(there.Count, tasks.Length, seconds);
        using ActiveJobSession work = store.BeginJob(
            title, null, parsed.GetValue(Common.Jobs), tasks.Select(task => (task.Run, Cost(task.Run))));
        _work.Complete(
            store, tasks, there, Cost, result => _outcomes[RunIdentity.Of(result.Specification)] = Outcome.Of(result));
        work.Complete();
    }

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
