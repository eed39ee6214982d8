using System.Collections.Immutable;
using Lottery.Cli.Searches;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Training;
using Spectre.Console;

namespace Lottery.UnitTests.Cli;

public sealed class SearchProgressTests
{
    private readonly Clock _clock = new();
    private readonly ImmutableArray<RunSpecification> _plan;
    private readonly SearchProgress _progress;

    public SearchProgressTests()
    {
        RunSpecification dense = new()
        {
            Network = NetworkCatalogue.Get("mlp:4-2"),
            Data = new() { Sha256 = "", Validation = 10, SplitSeed = 1 },
            Seed = 1,
            Training = new() { Steps = 1_000 },
        };
        RunSpecification ticket = dense with { Level = 1, Parent = dense };
        _plan = [dense, ticket, ticket with { Control = Control.Reinit, Parent = ticket }];
        _progress = new(_plan, run => run.Level == 0 ? 20 : 10, _clock);
    }

    [Fact]
    public void Time_left_is_what_is_left_at_the_pace_so_far()
    {
        Advance(0, 0);
        Assert.Null(_progress.Now().SecondsLeft);
        _clock.Seconds = 5;
        Advance(0, 500);
        // 10 of 40 in 5 s: 30 take 15 s more.
        Assert.Equal((15, 100), (_progress.Now().SecondsLeft!.Value, _progress.Now().StepsPerSecond));
    }

    [Fact]
    public void Steps_of_earlier_sessions_are_no_pace()
    {
        Assert.Null(_progress.Now().SecondsLeft);
        Advance(1, 600);
        _clock.Seconds = 2;
        Advance(1, 800);
        // 2 of 40 in 2 s, 6 done before: 32 take 32 s more.
        Assert.Equal(32, _progress.Now().SecondsLeft!.Value, 1e-9);
    }

    [Fact]
    public void A_run_that_goes_on_says_from_where()
    {
        Advance(0, 0);
        Advance(1, 600);
        Advance(1, 700);
        Assert.Equal(["seed 1, level 1, ticket: resumes at step 600 of 1,000"], _progress.Now().Resumed.Select(PlainView.Resumes));
    }

    [Fact]
    public void A_finished_run_is_no_longer_under_way()
    {
        Advance(0, 10);
        Assert.Single(_progress.Now().Active);
        Finish(0);
        Assert.Empty(_progress.Now().Active);
        Assert.Equal(["[1/3] seed 1, 100.0 %, dense: 91.2 % at step 900"], PlainView.Lines(_progress.Now(), 0, 3));
        Assert.Empty(PlainView.Lines(_progress.Now(), 1, 3));
    }

    [Fact]
    public void The_image_has_levels_runs_under_way_and_a_foot()
    {
        Finish(0);
        Advance(1, 0);
        _clock.Seconds = 4;
        Advance(1, 400);
        Assert.Equal(
            """
            level density ticket   reinitialized
                0 100.0 % 91.2 1/1
                1         0/1      0/1
              seed 1, level 1, ticket: step 400 of 1,000, validation 87.5 %
              1 of 3 runs · 0 steps/s · 4.0 s
            """, Drawn([]));
    }

    [Fact]
    public void Cells_of_a_study_have_a_line_each_and_what_is_said_stands_below()
    {
        Finish(0);
        Finish(2);
        LiveCell[] cells = [Cell("criterion large-final", 0, 1), Cell("criterion random", 0, 2), Cell("finished before")];
        Assert.Equal(
            """
            cell                  runs density accuracy
            criterion large-final  1/2 100.0 %     91.2
            criterion random       2/2 100.0 %     91.2
              Run 0123456789 is being trained by another process; waiting for it.
              2 of 3 runs · 0 steps/s · 0.0 s
            """, Drawn([.. cells], "Run 0123456789 is being trained by another process; waiting for it."));
    }

    [Fact]
    public void Untrained_runs_take_time_as_well()
    {
        RunSpecification untrained = _plan[1] with { Training = new() { Steps = 0 } };
        Assert.True(WorkEstimate.Seconds(untrained, tested: 0, zeros: 0) > 0.01);
        RunSpecification late = _plan[1] with { Actions = new("rewind", "zero", _plan[1].Training.Steps / 2) };
        Assert.InRange(WorkEstimate.MultiplyAdds(late, tested: 0), 0.4 * WorkEstimate.MultiplyAdds(_plan[1], tested: 0), 0.6 * WorkEstimate.MultiplyAdds(_plan[1], tested: 0));
        Assert.Equal("less than a second", SearchSummary.About(0.04));
        Assert.Equal("about 71 s", SearchSummary.About(71));
    }

    private LiveCell Cell(string name, params int[] runs) =>
        new(name, ImmutableHashSet.CreateRange<RunSpecification>(ReferenceEqualityComparer.Instance, runs.Select(run => _plan[run])));

    private string Drawn(ImmutableArray<LiveCell> cells, params string[] notices)
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 100;
        console.Write(LiveView.View(_plan, cells, _progress.Now(), notices));
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd())).TrimEnd();
    }

    private void Advance(int run, int step) => _progress.Advance(new(_plan[run], step, new Evaluation(step, 0.3, 0.875, 0.4)));

    private void Finish(int run)
    {
        var weights = new Weights(_plan[run].Network);
        _progress.Finish(new()
        {
            Specification = _plan[run],
            Mask = Mask.Full(_plan[run].Network),
            Initial = weights,
            Best = weights,
            Final = weights,
            Evaluations = [],
            BatchOrders = [],
            Metrics = new()
            {
                EarlyStopStep = 900,
                TrainingAccuracy = 0.95,
                FinalTrainingAccuracy = 0.99,
                InitialAccuracy = 0.1,
                InitialLoss = 2.3,
                Accuracy = 0.912,
                Loss = 0.2,
                FinalAccuracy = 0.91,
                FinalLoss = 0.3,
                Seconds = 1,
                EvaluationSeconds = 1,
                TotalSeconds = 2,
            },
            Pruning = PruningMetrics.None,
        });
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }
}
