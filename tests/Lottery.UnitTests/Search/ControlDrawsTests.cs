using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Queries;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;
using Lottery.Tickets;
using Lottery.UnitTests.Report;

namespace Lottery.UnitTests.Search;

/// <summary>Several draws of a control: other random numbers each, the first as if it were the only one, and one value a seed in tables.</summary>
public sealed class ControlDrawsTests
{
    private static readonly TicketSearch s_several =
        new(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = SmallSearch.Pruning with { Levels = 1 }, Training = SmallSearch.WithAdam,
            Controls = [new(Control.Reinit, 3), new(Control.RandomMask, 2)],
        };

    private static readonly RunResult[] s_controls = [.. s_several.Run(1).Last().Controls];

    [Fact]
    public void Each_draw_is_a_run() => Assert.Equal(
        [(Control.Reinit, 0), (Control.Reinit, 1), (Control.Reinit, 2), (Control.RandomMask, 0), (Control.RandomMask, 1)],
        s_controls.Select(run => (run.Specification.Control, run.Specification.Draw)));

    [Fact]
    public void The_first_draw_is_the_only_one_of_a_single_control()
    {
        RunResult[] single = [.. SmallSearch.Of(SmallSearch.WithAdam, pruning: SmallSearch.Pruning with { Levels = 1 }).Run(1).Last().Controls];
        Assert.Equal(Fingerprint.Of(single[0].Final), Fingerprint.Of(s_controls[0].Final));
        Assert.Equal(Fingerprint.Of(single[1].Final), Fingerprint.Of(s_controls[3].Final));
    }

    [Fact]
    public void Draws_have_their_own_random_numbers()
    {
        Assert.Equal(3, s_controls[..3].Select(run => Fingerprint.Of(run.Initial)).Distinct().Count());
        Assert.Single(s_controls[..3].Select(run => run.Mask.Sha256).Distinct());
        Weights fresh = InitialWeights.Resample(SmallSearch.Network, 1, "reinit/level-1/draw-2");
        for (int i = 0; i < fresh[0].Length; i++) if (s_controls[2].Mask[0]![i]) Assert.Equal(fresh[0][i], s_controls[2].Initial[0][i]);
        Assert.NotEqual(s_controls[3].Mask.Sha256, s_controls[4].Mask.Sha256);
        Assert.Equal(s_controls[3].Mask.Kept, s_controls[4].Mask.Kept);
    }

    [Fact]
    public void The_recipe_of_a_draw_gives_its_weights()
    {
        foreach (RunResult run in s_controls)
        {
            Recipe recipe = StartingWeights.RecipeOf(run.Specification)!;
            Ticket read = Ticket.Read(Ticket.FromRecipe(run.Mask, recipe).Write());
            Assert.Equal(Fingerprint.Of(run.Initial), Fingerprint.Of(read.Weights));
        }
    }

    [Theory]
    [InlineData("reinit=3,random-mask=10", "{ reinit: 3, random-mask: 10 }")]
    [InlineData("random-mask=2,reinit", "{ random-mask: 2, reinit: 1 }")]
    [InlineData("random-mask,reinit", "[random-mask, reinit]")]
    [InlineData("reinit", "reinit")]
    [InlineData("none", "none")]
    public void Options_and_files_state_draws(string option, string yaml)
    {
        ControlDraws[] byOption = [.. ControlsShape.Read(new ControlsShape().Parse(option, new("--controls") { IsOption = true }))];
        Assert.Equal(byOption, ControlsShape.Read(YamlReader.ReadText("file", yaml)));
        Assert.Equal(byOption, ControlsShape.Read(ControlsShape.Write([.. byOption])));
    }

    [Theory]
    [InlineData("reinit=0", "--controls reinit is '0', but must be an integer from 1 to 1000.")]
    [InlineData("renit=3", "--controls has no key 'renit'; did you mean 'reinit'?")]
    [InlineData("reinit=2,reinit=3", "--controls has reinit twice; keep one.")]
    [InlineData("none=2", "--controls has no key 'none'; use reinit, random-mask, rewind.")]
    public void Wrong_draws_are_refused(string option, string sentence)
    {
        var wrong = Assert.Throws<UserException>(() => Study.FromOptions(new Dictionary<string, string>
        {
            ["--network"] = "mlp:20-8-3", ["--data"] = "tiny", ["--steps"] = "9", ["--levels"] = "1", ["--controls"] = option,
        }));
        Assert.Equal(sentence, wrong.Message);
    }

    [Fact]
    public void A_value_of_an_axis_is_one_control_with_its_draws()
    {
        const string Start = "network: 'mlp:20-8-3'\ndata: { set: tiny }\ntrain: { steps: 9 }\nprune: { levels: 1 }\nmatrix:\n  controls: ";
        var study = Study.FromText("study", Start + "[none, { random-mask: 10 }]");
        Assert.Equal([Control.None, Control.RandomMask], study.Cells.Select(cell => cell.Shown));
        Assert.Equal([new(Control.RandomMask, 10)], study.Cells[1].Definition.Controls);
        var wrong = Assert.Throws<UserException>(() => Study.FromText("study", Start + "[none, { random-mask: 10, reinit: 3 }]"));
        Assert.EndsWith("but must be one control, as in { random-mask: 10 }.", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_average_the_draws_of_a_seed_first()
    {
        RunSummary[] control = [.. Draws(1, 80, 84), .. Draws(2, 90, 90), .. Draws(3, 70)];
        StudyTable table = SearchOutcomes.Table(SearchOutcomes.Dense(88, 88, 88), SearchOutcomes.At(1, Control.None, 85, 92, 71), control);
        StudyRow row = table.Rows.Single(one => one.Runs[0].Control == Control.RandomMask);
        Assert.Equal(3, row.Value.Count);
        Assert.Equal((0.82 + 0.90 + 0.70) / 3, row.Value.Mean, 1e-12);
        Assert.Equal(3, row.Difference!.Estimate.Count);
        Assert.Equal((-0.03 - 0.02 - 0.01) / 3, row.Difference.Estimate.Mean, 1e-12);
        Assert.Equal((-0.06 + 0.02 - 0.18) / 3, row.AgainstDense!.Value.Estimate.Mean, 1e-12);
        Assert.Equal(3, row.EarlyStop.Count);
    }

    [Fact]
    public void A_run_says_which_draw_it_is()
    {
        RunSummary second = Draws(1, 80, 84)[1], ticket = SearchOutcomes.At(1, Control.None, 85).Single();
        Assert.Equal(1, RunFields.Get("draw").Value(second));
        Assert.Null(RunFields.Get("draw").Value(ticket));
        Assert.Equal("random-mask, draw 1", RunLabel.Title(second));
        Assert.Equal("ticket", RunLabel.Title(ticket));
    }

    private static RunSummary[] Draws(ulong seed, params double[] percent) =>
    [
        .. percent.Select((accuracy, draw) =>
        {
            RunSummary run = MadeUp.Summary($"{seed}-{draw}", "lenet-300-100", seed, 1, SearchOutcomes.Densities[1], accuracy / 100, Control.RandomMask);
            return run with { Specification = run.Specification with { Draw = draw } };
        }),
    ];
}
