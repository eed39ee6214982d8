using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

/// <summary>A study is one section; other searches are compared by the settings that are asked for.</summary>
public sealed class StudySectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public StudySectionTests() => _store = new(_folder["store"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_study_over_a_setting_of_the_training_is_one_section_and_its_first_run_is_of_the_reference()
    {
        RunSpecification[] slow = Search(0.001), fast = Search(0.003);
        Keep([.. slow, .. fast]);
        _store.AddToStudy("lr", Ids([.. fast, .. slow]), "lr");
        ReportSection section = Assert.Single(new SectionReader(_store).ReadStudy("lr"));
        Assert.Equal(["learning rate 0.003", "learning rate 0.001"], section.Conditions.Select(one => one.Name));
        Assert.Equal("learning rate 0.003", section.Table.ReferenceName);
        Assert.All(section.Conditions, one => Assert.Equal([0, 1], one.Levels.Select(level => level.Level)));
        Assert.Equal(0, section.Missing.Planned - section.Missing.Finished);
    }

    [Fact]
    public void Two_scales_of_a_study_are_two_sections_and_more_replicates_are_not()
    {
        RunSpecification[] quick = [.. Search(0.001, steps: 100)], whole = Search(0.001), more = [.. whole, .. Search(0.001, seed: 2)];
        Keep([.. quick, .. more]);
        _store.AddToStudy("s", Ids(quick));
        _store.AddToStudy("s", Ids(whole));
        _store.AddToStudy("s", Ids(more));
        Assert.Equal(["s: mlp:7-5-3 on data, 100 steps", "s: mlp:7-5-3 on data, 1,000 steps"],
            new SectionReader(_store).ReadStudy("s").Select(section => section.Name.Replace(section.Roots[0].Data, "data", StringComparison.Ordinal)));
        Assert.Equal(2, new SectionReader(_store).ReadStudy("s", Ids(whole).ToHashSet()).Single().Replicates);
    }

    [Fact]
    public void What_a_study_says_about_its_margin_and_where_it_is_judged_is_kept_until_its_file_says_otherwise()
    {
        RunSpecification[] runs = Search(0.001);
        Keep(runs);
        StudyPart part = new([], [.. Ids(runs)]);
        _store.AddToStudy("s", part with { Margin = 0.02, JudgeAt = 0.5 });
        ReportSection Section(ComparisonSettings? settings = null) => Assert.Single(new SectionReader(_store) { Settings = settings ?? new() }.ReadStudy("s"));
        Assert.Equal((0.02, 0.5), (Section().Settings.Margin, Section().Settings.JudgeAt?.Density));
        Assert.Equal((0.1, null), (Section(new() { Margin = 0.1, JudgeAt = JudgeAt.AsGood }).Settings.Margin, Section(new() { JudgeAt = JudgeAt.AsGood }).Settings.JudgeAt?.Density));
        _store.AddToStudy("s", part);
        Assert.Equal((null, null), (Section().Settings.Margin, Section().Settings.JudgeAt));
        Assert.Single(_store.StudyParts("s"));
    }

    [Fact]
    public void A_run_that_failed_is_named_by_its_settings_and_what_was_interrupted_leaves_no_finding()
    {
        RunSpecification[] slow = Search(0.001), fast = Search(3);
        Keep(slow);
        _store.AddToStudy("lr", Ids([.. slow, .. fast]), "lr");
        Assert.Equal("No finding yet: 2 of 4 planned runs are missing: not trained yet.", new SectionReader(_store).ReadStudy("lr").Single().Finding);
        using (IRunSession session = _store.Begin(fast[0], CancellationToken.None)) session.Save(MadeUp.Checkpoint(fast[0], 100));
        _store.Fail(fast[0], "The loss is NaN.");
        Assert.StartsWith("No finding yet: 2 of 4 planned runs are missing: 1 failed, 1 is not trained yet.", Finding(), StringComparison.Ordinal);
        _store.Skip(fast[1], RunIdentity.Of(fast[0]), "It comes from a run that failed.");
        Assert.EndsWith(" 2 of 4 planned runs are missing: 1 failed, 1 that would come from it were not trained. Failed: learning rate 3, seed 1, level 0 (The loss is NaN). "
            + "Means are over the replicates that did not fail (learning rate 3: none of 1 at levels 0 to 1), differences over the seeds that both sides have.",
            Finding(), StringComparison.Ordinal);

        string Finding() => new SectionReader(_store).ReadStudy("lr").Single().Finding;
    }

    [Fact]
    public void A_search_without_a_name_states_its_failed_seeds_too_and_not_those_of_others()
    {
        RunSpecification[] first = Search(0.001), second = Search(0.001, seed: 2), other = Search(0.003, seed: 4);
        Keep(first);
        _store.Fail(second[0], "The loss is NaN.");
        _store.Skip(second[1], RunIdentity.Of(second[0]), "It comes from a run that failed.");
        _store.Fail(other[0], "The loss is infinite.");
        string[] planned = Ids([.. first, .. second, .. other]);
        ReportSection section = Assert.Single(new SectionReader(_store).Read(Ids(first), planned: planned));
        Assert.Equal(["1 of 2", "1 of 2"], section.Table.Rows.Select(row => row.CountText));
        Assert.Equal([2UL, 2UL], section.Missing.Lost.Select(run => run.Seed));
        Assert.Empty(Assert.Single(new SectionReader(_store).Read(Ids(first))).Missing.Lost);
    }

    [Fact]
    public void Searches_that_were_no_study_are_compared_by_a_setting()
    {
        Keep([.. Search(0.001), .. Search(0.003)]);
        string[] ids = [.. _store.List().Select(run => run.Id)];
        Assert.Equal(2, new SectionReader(_store).Read(ids).Length);
        ReportSection section = Assert.Single(new SectionReader(_store).Read(ids, [RunFields.Get("lr")]));
        Assert.Equal(["learning rate 0.001", "learning rate 0.003"], section.Conditions.Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    private static RunSpecification[] Search(double rate, int steps = 1_000, ulong seed = 1)
    {
        RunSpecification dense = MadeUp.Dense(seed);
        dense = dense with { Training = dense.Training with { Optimizer = new Adam(rate), Steps = steps } };
        return [dense, MadeUp.Next(dense)];
    }

    private void Keep(IEnumerable<RunSpecification> runs)
    {
        foreach (RunSpecification run in runs) MadeUp.Keep(_store, run);
    }

    private static string[] Ids(IEnumerable<RunSpecification> runs) => [.. runs.Select(RunIdentity.Of)];
}
