using Lottery.Report.Charts;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

/// <summary>A report of many runs reads curves from packs, weights of a sample that it states, and lists the first runs.</summary>
public sealed class LargeSectionTests : IDisposable
{
    private const int Seeds = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public LargeSectionTests()
    {
        RunStore store = Store(100);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RunSpecification dense = MadeUp.Dense(seed), ticket = MadeUp.Next(dense);
            foreach (RunSpecification run in (RunSpecification[])[dense, ticket, MadeUp.Next(ticket, Control.Reinit)]) MadeUp.Keep(store, run);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_of_many_runs_are_read_from_packs()
    {
        ReportSection section = Section(100);
        RunStore store = Store(20);
        new RunDetails(store).Prepare(section);
        string[] packs = Directory.GetFiles(store.Paths.Packs);
        Assert.Equal(2, packs.Length);
        foreach (RunSummary run in section.Runs) File.WriteAllText(Path.Combine(store.Paths.Run(run.Id), "metrics.parquet"), "");
        var details = new RunDetails(store);
        details.Prepare(section);
        Assert.Empty(details.Problems);
        Assert.All(section.Runs, run => Assert.Equal(MadeUp.Result(run.Specification).Evaluations.Select(at => (at.Step, at.Accuracy)), details.Curve(run)));
        Assert.Equal(packs, Directory.GetFiles(store.Paths.Packs));
        // Of few runs, each one's own file is read.
        details = new(Store(100));
        details.Prepare(section);
        Assert.Equal(section.Runs.Length, details.Problems.Count());
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Evaluations_that_are_known_to_be_damaged_are_not_read_from_a_pack()
    {
        new RunDetails(Store(20)).Prepare(Section(20));
        File.WriteAllText(Path.Combine(Store(20).Paths.Run(RunIdentity.Of(MadeUp.Dense(3))), "metrics.parquet"), "x");
        ReportSection section = Section(20);
        var details = new RunDetails(Store(20));
        details.Prepare(section);
        Assert.Contains("metrics.parquet", Assert.Single(details.Problems), StringComparison.Ordinal);
        Assert.Empty(details.Curve(section.Runs.Single(run => run.Id == RunIdentity.Of(MadeUp.Dense(3)))));
        Assert.Equal(4, details.Curve(section.Runs.Single(run => run.Id == RunIdentity.Of(MadeUp.Dense(4)))).Length);
    }

    [Fact]
    public void A_report_of_some_runs_leaves_packs_of_others_alone()
    {
        new RunDetails(Store(20)).Prepare(Section(20));
        RunStore store = Store(2);
        string[] packs = Directory.GetFiles(store.Paths.Packs);
        var read = new List<string>();
        RunSummary[] some = [.. store.List().Take(4)];
        store.ReadPacked(some, (id, _) => { lock (read) read.Add(id); });
        Assert.Equal(some.Select(run => run.Id).Order(), read.Order());
        Assert.Equal(packs, Directory.GetFiles(store.Paths.Packs));
    }

    [Fact]
    public void Of_a_large_section_weights_of_some_seeds_are_read_and_the_captions_say_so()
    {
        ReportSection all = Section(100), section = Section(100) with { MostInDetail = 10 };
        Assert.Null(all.WeighedSeeds);
        Assert.Equal(all.Runs, all.Weighed);
        Assert.Equal(3, section.WeighedSeeds);
        Assert.Equal([1, 1, 1, 5, 5, 5, 8, 8, 8], section.Weighed.Select(run => (int)run.Seed).Order());
        Assert.All(section.Conditions.SelectMany(one => one.Levels), level => Assert.Equal([1UL, 5UL, 8UL], section.WeighedOf(level).Select(run => run.Seed)));
        RunStore store = Store(100);
        foreach (RunSummary run in section.Runs.Except(section.Weighed))
            foreach (string name in (string[])["digest.bin", "tensors.bin"]) File.Delete(Path.Combine(store.Paths.Run(run.Id), name));
        var details = new RunDetails(store);
        details.Prepare(section);
        Chart[] charts = [.. SectionCharts.Create(section, details).Charts];
        Assert.Empty(details.Problems);
        const string Sample = " Weights were read of 9 of 24 runs: at most 3 seeds of each condition and density, spread evenly over all.";
        Assert.Equal(["layers", "mask-images", "weights"], charts.Where(chart => chart.Text.EndsWith(Sample, StringComparison.Ordinal)).Select(chart => chart.Key).Order());
        Assert.DoesNotContain(SectionCharts.Create(all, details).Charts, chart => chart.Text.Contains("were read of", StringComparison.Ordinal));
    }

    [Fact]
    public void A_seed_of_every_condition_is_among_those_whose_weights_are_read() =>
        Assert.All((Section(100) with { MostInDetail = 1 }).Conditions.SelectMany(one => one.Levels), level => Assert.Single((Section(100) with { MostInDetail = 1 }).WeighedOf(level)));

    [Fact]
    public void The_list_of_runs_ends_where_it_becomes_too_long()
    {
        RunStore store = Store(100);
        Assert.Equal(24, Rows(Section(100)));
        Assert.Equal(10, Rows(Section(100) with { MostInDetail = 10 }, "These are the first 10 of 24 runs; <code>lottery runs list</code> has all."));

        int Rows(ReportSection section, string note = "")
        {
            string html = ProvenanceHtml.Render(SectionContent.Create(section, new(store), multiplyAdds: null, weights: null)).ToString();
            Assert.Contains(note, html, StringComparison.Ordinal);
            return section.Runs.Count(run => html.Contains(RunIdentity.Short(run.Id), StringComparison.Ordinal));
        }
    }

    private RunStore Store(int most) => new(_folder["store"]) { Initial = MadeUp.Initial, Warn = _warnings.Add, MostOutsidePacks = most };

    private ReportSection Section(int most)
    {
        RunStore store = Store(most);
        return Assert.Single(new SectionReader(store).Read(store.List().Select(run => run.Id)));
    }
}
