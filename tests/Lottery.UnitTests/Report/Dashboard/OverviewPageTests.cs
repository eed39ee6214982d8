using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lottery.Report.Dashboard;
using Lottery.Specifications;
using Lottery.Studies.Store.Activity;

namespace Lottery.UnitTests.Report.Dashboard;

public partial class OverviewPageTests
{
    private static readonly StoreCommands Commands = new("./lottery", "/some/store");
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Findings_come_first_each_with_a_link()
    {
        StoreSnapshot now = SnapshotOf.Runs(SnapshotOf.Run(0, 0), SnapshotOf.Run(1, 0)) with { Underway = [Run('b', running: true)] };
        string html = Create(now);
        Assert.Equal(["Findings", "Running", "Runs and store", "Finished last"], Headings(html));
        Assert.Contains("<a href=\"/charts?network=lenet-300-100&data=mnist\">lenet-300-100 on mnist</a>", html.Replace("&amp;", "&", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<p>They are good.</p>", html, StringComparison.Ordinal);
        Assert.Contains("2 runs · the last ended 2026-01-02 03:04:05 UTC", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_the_store_is_shown_when_nothing_runs()
    {
        string html = Create(SnapshotOf.Runs(SnapshotOf.Run(0, 0)) with { Underway = [Run('b'), Run('c', failure: "It diverged.")] });
        Assert.Equal(
            ["finished 1", "running 0", "interrupted 1", "failed 1", "size of the store 1.5 kB", "disk space left 2.0 GB", "last activity 2026-03-04 12:00:00 UTC"],
            Facts().Matches(html).Select(fact => $"{fact.Groups[1].Value} {Tags().Replace(fact.Groups[2].Value, "")}"));
    }

    [Fact]
    public void A_study_that_is_not_finished_says_how_far_it_is()
    {
        StoreSnapshot now = SnapshotOf.Runs(SnapshotOf.Run(0, 0) with { Studies = ["criteria"] });
        now = now with { Studies = [new("criteria", [now.Runs[0].Id, new('b', 64), new('c', 64)])] };
        string html = Create(now);
        Assert.Contains("<a href=\"/charts?study=criteria\">criteria</a>", html, StringComparison.Ordinal);
        Assert.Contains("study · 1 of 3 runs finished", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_runs_have_their_reason_and_the_commands_that_resume_and_discard_them()
    {
        ActiveRun failed = Run('b', failure: "It <diverged>.");
        var job = new ActiveJob("a search", null, Noon, 2, [new(failed.Id, "lenet-300-100", 0, 0, "", 1)])
        {
            Name = "0", Command = "lottery find --lr 1e6", Folder = "/some/folder",
        };
        string html = Create(SnapshotOf.Runs() with { Underway = [failed, Run('c')], ActiveJobs = [job] });
        Assert.Contains("It &lt;diverged&gt;.", html, StringComparison.Ordinal);
        Assert.Contains("in the folder <code>/some/folder</code>", html, StringComparison.Ordinal);
        Assert.Contains("<code>lottery find --lr 1e6</code>", html, StringComparison.Ordinal);
        Assert.Contains("<code>./lottery runs discard bbbbbbbbbb --store /some/store</code>", html, StringComparison.Ordinal);
        Assert.Contains("The command that started it resumes it.", html, StringComparison.Ordinal);
        Assert.Contains("<code>./lottery runs discard cccccccccc --store /some/store</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_named() => Assert.Contains(
        "<li>runs/abc/run.json is damaged.</li>", Create(SnapshotOf.Runs() with { Warnings = ["runs/abc/run.json is damaged."] }), StringComparison.Ordinal);

    [Fact]
    public void Control_characters_are_made_visible()
    {
        string html = Create(SnapshotOf.Runs(SnapshotOf.Run(0, 0) with { Data = "a\u001B[31m\u0007\u202Eb" }));
        Assert.Contains("a␛[31m␇\uFFFDb", html, StringComparison.Ordinal);
        Assert.DoesNotContain(html, letter => letter != '\n' && char.IsControl(letter));
    }

    [Fact]
    public void An_empty_store_says_what_to_do() => Assert.Contains(
        "<code>./lottery quickstart --store /some/store</code>", Create(SnapshotOf.Runs()), StringComparison.Ordinal);

    [Fact]
    public void Cards_have_their_memory_how_busy_they_are_and_their_runs()
    {
        ActiveCard card = new("node7", 1, "NVIDIA <H100>", 20_000_000_000, 80_000_000_000, 97, [.. Enumerable.Range(0, 10).Select(i => $"{i:x}".PadRight(64, 'b'))]);
        StoreSnapshot now = SnapshotOf.Runs(SnapshotOf.Run(0, 0)) with { Underway = [Run('0', running: true) with { Id = card.Runs[0] }], Cards = [card] };
        string html = Create(now);
        Assert.Equal(["Findings", "NVIDIA cards", "Running", "Runs and store", "Finished last"], Headings(html));
        Assert.Contains("NVIDIA &lt;H100&gt;", html, StringComparison.Ordinal);
        Assert.Contains("card 1 of node7", html, StringComparison.Ordinal);
        Assert.Contains("20.0 GB of 80.0 GB used · busy 97 % of the time · 10 runs", html, StringComparison.Ordinal);
        Assert.Contains("<a class=\"id\" href=\"/run/" + card.Runs[7], html, StringComparison.Ordinal);
        Assert.Contains("and 2 more", html, StringComparison.Ordinal);
        Assert.Contains("lenet-300-100 on mnist · on NVIDIA &lt;H100&gt;", html, StringComparison.Ordinal);
        string silent = Create(now with { Cards = [card with { UsedBytes = null, Utilization = null }] });
        Assert.Contains("80.0 GB of memory · 10 runs", silent, StringComparison.Ordinal);
    }

    private static string Create(StoreSnapshot now) => OverviewPage.Create(now, Commands,
        [.. RunGroup.Of(now).Select(group => new GroupFinding(group, [("a section", "They are good.")]))], new(1_500, 2_000_000_000)).Part;

    private static ActiveRun Run(char id, bool running = false, string? failure = null) => new(
        new(id, 64), "lenet-300-100", "mnist", 0, 0, Control.None, null, 1_000, running, Noon, "", [], 10, double.NaN,
        failure is null ? null : new(failure, Noon))
    {
        Specification = new JsonObject(),
    };

    private static string[] Headings(string html) => [.. Heading().Matches(html).Select(heading => heading.Groups[1].Value)];

    [GeneratedRegex("<h2>([^<]*)</h2>")]
    private static partial Regex Heading();

    [GeneratedRegex("<dt>(.*?)</dt><dd>(.*?)</dd>")]
    private static partial Regex Facts();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
