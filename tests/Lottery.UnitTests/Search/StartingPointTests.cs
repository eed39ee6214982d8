using Lottery.Actions;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.UnitTests.Masks;

namespace Lottery.UnitTests.Search;

/// <summary>Searches that begin with weights of their own: a ticket's, or those of a pretrained network.</summary>
public sealed class StartingPointTests : IDisposable
{
    private static readonly Network s_network = SmallSearch.Network;

    private static readonly Weights s_initial = InitialWeights.Resample(s_network, 77, "elsewhere"), s_final = InitialWeights.Resample(s_network, 78, "elsewhere");

    private static readonly Mask s_mask = Pruner.Cut(
        Mask.Full(s_network), s_initial, s_initial, Criterion.LargeInit, new(0, 0.5m, 0.5m), PruneScope.Layer, 9, 1).Mask;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_seed_starts_and_rewinds_to_them()
    {
        foreach (ulong seed in (ulong[])[1, 2])
        {
            IReadOnlyList<RunResult> runs = Search(Initial(s_initial)).Results(seed);
            Assert.Equal(s_initial.Sha256, runs[0].Initial.Sha256);
            foreach (RunResult run in runs.Where(run => run.Specification.Control != Control.Reinit)) StartsAt(s_initial, run);
            RunResult reinit = runs.First(run => run.Specification.Control == Control.Reinit);
            Assert.Equal(InitialWeights.Resample(s_network, seed, "reinit/level-1")[1].ToArray(), reinit.Initial[1].ToArray());
        }
        Assert.NotEqual(Search(Initial(s_initial)).Results(1)[0].Final.Sha256, Search(Initial(s_initial)).Results(2)[0].Final.Sha256);
    }

    [Fact]
    public void Those_of_the_seed_train_to_the_same_bits_as_without()
    {
        IReadOnlyList<RunResult> usual = Search(null).Results(5), given = Search(Initial(InitialWeights.Sample(s_network, 5))).Results(5);
        Assert.Equal(Fingerprint.Of(usual), Fingerprint.Of(given));
        Assert.Empty(usual.Select(run => RunIdentity.Of(run.Specification)).Intersect(given.Select(run => RunIdentity.Of(run.Specification))));
    }

    [Fact]
    public void What_was_trained_elsewhere_is_tested_and_pruned()
    {
        IReadOnlyList<RunResult> runs = Search(Pretrained(s_final, s_initial)).Results();
        Assert.Equal((s_initial.Sha256, s_final.Sha256, s_final.Sha256), (runs[0].Initial.Sha256, runs[0].Best.Sha256, runs[0].Final.Sha256));
        Assert.Equal(0, runs[0].Specification.Training.Steps);
        Mask expected = Pruner.Cut(Mask.Full(s_network), s_initial, s_final, Criterion.Movement, new(0, 0.7m, 0.9m), PruneScope.Layer, 1, 1).Mask;
        Assert.Equal(expected, runs[1].Mask);
        StartsAt(s_initial, runs[1]);
        Assert.NotNull(runs[1].Pruning.Masking);
        Assert.Equal(40, runs[1].Specification.Training.Steps);
    }

    [Fact]
    public void Without_initial_weights_levels_go_on_from_the_trained_ones()
    {
        IReadOnlyList<RunResult> runs = Search(Pretrained(s_final, null), Criterion.LargeFinal).Results();
        StartsAt(s_final, runs[1]);
        Assert.Null(runs[1].Pruning.Masking);
        Assert.Null(runs[0].Specification.Start!.Initial);
    }

    [Fact]
    public void Late_rewinding_trains_from_the_given_weights()
    {
        TicketSearch search = Search(Initial(InitialWeights.Sample(s_network, 5)), rewindTo: 7), usual = Search(null, rewindTo: 7);
        Assert.Equal(Fingerprint.Of(usual.Results(5)), Fingerprint.Of(search.Results(5)));
    }

    [Fact]
    public void A_mask_comes_along()
    {
        IReadOnlyList<RunResult> runs = Search(Initial(s_initial), given: s_mask).Results(3);
        Assert.Equal(s_mask, runs[0].Mask);
        Assert.All(runs.Where(run => run.Specification.Control != Control.Reinit), run => StartsAt(s_initial, run));
        Assert.Contains(runs, run => run.Specification is { Level: 0, Control: Control.RandomMask });
    }

    [Fact]
    public void A_masked_network_that_was_trained_elsewhere_is_compared_with_controls_that_are_trained_here()
    {
        RunResult root = Search(Pretrained(Masked(s_final), s_initial), given: s_mask, levels: 0).Results()[0];
        Assert.Equal(Masked(s_final).Sha256, root.Final.Sha256);
        Assert.Equal([0, 40, 40], Search(Pretrained(Masked(s_final), s_initial), given: s_mask, levels: 0)
            .Plan(1).Select(run => run.Training.Steps));
    }

    [Fact]
    public void The_store_keeps_them_and_checks_them_without_the_file()
    {
        foreach (StartingPoint weights in (StartingPoint[])[Initial(s_initial), Pretrained(s_final, s_initial)])
        {
            IReadOnlyList<RunResult> runs = Search(weights, runs: new RunStore(_folder["store"])).Results();
            var store = new RunStore(_folder["store"]);
            foreach (RunResult run in runs)
            {
                RunResult kept = store.Load(RunIdentity.Of(run.Specification));
                Assert.Equal(run.Specification, kept.Specification);
                Assert.Equal(
                    (run.Initial.Sha256, run.Final.Sha256, run.Best.Sha256), (kept.Initial.Sha256, kept.Final.Sha256, kept.Best.Sha256));
            }
        }
        Assert.All(new RunStore(_folder["store"]).Verify(), check => Assert.Empty(check.Problems));
        StartSpecification? start = new RunStore(_folder["store"]).List().First(run => run.Specification.IsPretrained).Specification.Start;
        Assert.Equal(new(Initial: s_initial.Sha256, Pretrained: s_final.Sha256), start);
    }

    [Fact]
    public void An_interrupted_training_goes_on_with_the_same_bits()
    {
        var store = new RunStore(_folder["store"]);
        using (var stop = new CancellationTokenSource())
        {
            TicketSearch search = Search(Initial(s_initial), runs: store, progress: new Reporter<RunProgress>(now => { if (now.Step >= 10) stop.Cancel(); }));
            Assert.Throws<OperationCanceledException>(() => search.Results(5, stop.Token));
        }
        RunResult resumed = Search(Initial(s_initial), runs: store).Results(5)[0];
        Assert.Equal(Fingerprint.Of([Search(Initial(s_initial)).Results(5)[0]]), Fingerprint.Of([resumed]));
    }

    [Fact]
    public void What_makes_no_sense_is_told()
    {
        StartingPoint trained = Pretrained(s_final, null), ticket = Initial(Masked(s_initial));
        Says("The weights belong to mlp:7-5-2", Search(Initial(new(SomeLayers.Network))));
        Says("The criterion movement uses the initial weights, which are not known", Search(trained));
        Says("The criterion abs(wi) + wf uses", Search(trained, Criterion.Get("abs(wi) + wf")));
        Says("The mask-1 action constant uses", Search(trained, Criterion.LargeFinal, mask1: Mask1.Constant));
        Says("The mask-0 action zero-if-decreased uses", Search(trained, Criterion.LargeFinal, mask0: Mask0.ZeroIfDecreased));
        Says("its weights at step 3 are not known", Search(Pretrained(s_final, s_initial), rewindTo: 3));
        Says("no dense training with a step 3", Search(ticket, given: s_mask, rewindTo: 3));
        Says("leave the control random-mask out", Search(ticket, given: s_mask));
        Says("multiply them by the mask", Search(Pretrained(s_final, s_initial), given: s_mask), plan: false);
        Search(trained, Criterion.Get("abs(wf)")).Plan(1);

        static void Says(string what, TicketSearch search, bool plan = true) => Assert.Contains(
            what, Assert.Throws<UserException>(() => { if (plan) search.Plan(1); else search.Results(); }).Message, StringComparison.Ordinal);
    }

    private static StartingPoint Initial(Weights weights) => new(initial: weights);

    private static StartingPoint Pretrained(Weights weights, Weights? initial) => new(initial: initial, pretrained: weights);

    private static void StartsAt(Weights weights, RunResult run)
    {
        for (int p = 0; p < s_network.Parameters.Length; p++)
            for (int i = 0; i < weights[p].Length; i++)
                Assert.Equal(run.Mask[p]?[i] == false ? 0 : weights[p][i], run.Initial[p][i]);
    }

    private static Weights Masked(Weights weights)
    {
        Weights masked = weights.Clone();
        for (int p = 0; p < s_network.Parameters.Length; p++)
            for (int i = 0; i < masked[p].Length; i++)
                if (s_mask[p]?[i] == false) masked[p][i] = 0;
        return masked;
    }

    private static TicketSearch Search(
        StartingPoint? weights, Criterion? criterion = null, Mask1? mask1 = null, Mask0? mask0 = null, Mask? given = null, int levels = 2,
        int rewindTo = 0, IRunStore? runs = null, IProgress<RunProgress>? progress = null) => new(s_network, SmallSearch.Data)
    {
        Start = new(given, weights?.Initial, weights?.Pretrained), Criterion = criterion ?? Criterion.Movement, Mask1 = mask1 ?? Mask1.Rewind, Mask0 = mask0 ?? Mask0.Zero,
        Pruning = SmallSearch.Pruning with { Levels = levels, RewindTo = rewindTo }, Training = SmallSearch.WithAdam,
        Controls = [Control.Reinit, Control.RandomMask], Runs = runs ?? new MemoryRunStore(), Progress = progress,
    };
}
