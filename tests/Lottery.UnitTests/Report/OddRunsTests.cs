using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using Lottery.Cli.Commands;
using Lottery.Cli.Queries;
using Lottery.Cli.Studies;
using Lottery.Networks;
using Lottery.Report.Dashboard;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Training;

namespace Lottery.UnitTests.Report;

/// <summary>
/// Runs as odd as a search can make them (no prunable weights, one class, one step, metrics that are not finite) are stored, read back
/// as they were, and shown by every list, query, table, report and page.
/// </summary>
public sealed class OddRunsTests : IDisposable
{
    private static readonly Network[] s_networks =
    [
        NetworkCatalogue.Get("mlp:7-5-3"), NetworkCatalogue.Get("mlp:1-1"), NetworkCatalogue.Get("mlp:7-1"),
        new NetworkBuilder(Shape.Flat(4)).Linear(3, prunable: false).Relu().Output(2, prunable: false).Build("unprunable"),
    ];

    private static readonly Gen<double> s_loss =
        One(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, double.Epsilon, 1e38, 0.31, -1);

    private static readonly Gen<double> s_fraction = One(double.NaN, 0, 1, 0.5, 1e-300);

    private static readonly Gen<(int Network, int Steps, int Evaluations, double[] Losses, double[] Fractions)> s_run =
        Gen.Select(Gen.Int[0, s_networks.Length - 1], One(0, 1, 20), Gen.Int[1, 3], s_loss.Array[9], s_fraction.Array[9]);

    private readonly TemporaryFolder _folder = new();
    private int _stores;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Odd_runs_are_read_back_and_shown_everywhere() => s_run.Array[1, 4].Sample(runs =>
    {
        var store = new RunStore(_folder[$"store-{_stores++}"]);
        RunResult[] results = [.. runs.SelectMany((run, i) => Results(run, (ulong)i))];
        foreach (RunResult result in results)
            using (IRunSession session = store.Begin(result.Specification, CancellationToken.None))
            {
                session.Report(result.Evaluations[0]);
                Assert.Equal(result.Evaluations[0], Assert.Single(store.ListActive()).Latest);
                session.Finish(result);
            }
        store.AddToStudy("odd", results.Select(result => RunIdentity.Of(result.Specification)));
        AssertSame(results, store);
        File.Delete(store.Paths.IndexFile);
        AssertSame(results, store);
        ShowInTerminal(store);
        ShowInPages(store);
    }, iter: 12, threads: 1);

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void AssertSame(RunResult[] results, RunStore store)
    {
        Dictionary<string, RunSummary> listed = store.List().ToDictionary(run => run.Id);
        Assert.Equal(results.Length, listed.Count);
        foreach (RunResult result in results)
        {
            string id = RunIdentity.Of(result.Specification);
            Assert.Equal(result.Metrics, listed[id].Metrics);
            Assert.Equal(result.Metrics, store.Summary(id).Metrics);
            Assert.Equal(result.Evaluations, store.Evaluations(id));
            Assert.Equal(result.Final.Sha256, store.Load(id).Final.Sha256);
            Assert.InRange(listed[id].Density, 0, 1);
        }
    }

    private static void ShowInTerminal(RunStore store)
    {
        ImmutableArray<RunSummary> runs = store.List();
        JsonArray json = JsonNode.Parse(RunFields.Json(runs))!.AsArray();
        Assert.Equal(runs.Select(run => double.IsFinite(run.Accuracy) ? run.Accuracy : (double?)null), json.Select(run => (double?)run!["accuracy"]));
        Assert.NotEmpty(RunsListCommand.Lines(runs, 80));
        using var database = StoreDatabase.Open(store, threads: 1);
        foreach (string sql in (string[])["SUMMARIZE runs", "SUMMARIZE metrics", "SELECT sum(accuracy), stddev(loss) FROM metrics", "FROM runs JOIN metrics USING (id)"])
        {
            using QueryAnswer answer = database.Ask(sql);
            _ = JsonNode.Parse(string.Concat(QueryJson.Lines(answer)));
        }
        foreach (Metric metric in Metric.All)
            foreach (ReportSection section in new SectionReader(store) { Settings = new() { Metric = metric, TestImages = 10 } }.Read(runs.Select(run => run.Id)))
            {
                if (section.Table.Rows.IsEmpty) continue;
                Assert.NotEmpty(StudySummary.Lines([section], 80));
                _ = StudySummary.Json(section).ToJsonString();
            }
    }

    private static void ShowInPages(RunStore store)
    {
        ImmutableArray<RunSummary> runs = store.List();
        var report = RunReport.Create(store, runs.Select(run => run.Id));
        Assert.Empty(report.Notes);
        Assert.Contains("</html>", report.WriteHtml(), StringComparison.Ordinal);
        Assert.NotEmpty(report.WriteMarkdown());
        Assert.All(report.WriteCharts(ChartFormat.Csv), file => Assert.NotEmpty(file.Content));
        var watcher = new StoreWatcher(store);
        StoreSnapshot now = watcher.Now();
        var commands = new StoreCommands("lottery", store.Paths.Root);
        Assert.Empty(now.Warnings);
        DashboardPage?[] pages =
        [
            OverviewPage.Create(now, commands, new Findings(store, () => { }).Get(now, [.. RunGroup.Of(now)]), new(null, null)),
            RunsPage.Create(now, new("accuracy>=0 loss", "-accuracy")), RunsPage.Create(now, new("", "density")),
            .. runs.Select(run => RunPage.Create(now, store, commands, run.Id)), ComparePage.Create(now, store, [.. runs.Select(run => run.Id)]),
            new ChartsPage(store, commands).Create(now, "", CancellationToken.None),
        ];
        Assert.All(pages, page => Assert.Contains("</html>", page!.Write("/", "store", "0.0.0"), StringComparison.Ordinal));
    }

    /// <summary>A dense run, and a level and its control where there are weights to prune.</summary>
    private static IEnumerable<RunResult> Results((int Network, int Steps, int Evaluations, double[] Losses, double[] Fractions) odd, ulong seed)
    {
        RunSpecification dense = MadeUp.Dense(seed, s_networks[odd.Network]) with { Training = new() { Steps = odd.Steps } };
        RunSpecification ticket = MadeUp.Next(dense);
        RunSpecification[] runs = dense.Network.PrunableCount == 0 ? [dense] : [dense, ticket, MadeUp.Next(ticket, Control.Reinit)];
        (double[] loss, double[] fraction) = (odd.Losses, odd.Fractions);
        return runs.Select((run, i) => MadeUp.Result(run) with
        {
            Evaluations = [.. Enumerable.Range(0, odd.Evaluations).Select(at => new Evaluation(at, loss[at], fraction[at], loss[at + 3]))],
            Metrics = new TrainingMetrics
            {
                EarlyStopStep = 0, InitialAccuracy = fraction[3], InitialLoss = loss[6], Accuracy = fraction[4 + i], Loss = loss[7], FinalAccuracy = fraction[7], TrainingAccuracy = 0.5, FinalTrainingAccuracy = 0.6,
                FinalLoss = loss[8], Seconds = 0, EvaluationSeconds = 1e-9, TotalSeconds = 1e9,
            },
        });
    }
}
