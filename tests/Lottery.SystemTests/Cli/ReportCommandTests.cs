using System.Text.Json.Nodes;
using Lottery.Studies.Store;
using Lottery.SystemTests.Report;

namespace Lottery.SystemTests.Cli;

public sealed class ReportCommandTests : IDisposable
{
    private readonly ReportStore _made = new();

    public void Dispose() => _made.Dispose();

    [Fact]
    public void A_page_is_one_file_in_which_no_name_is_markup()
    {
        CommandLineRun run = _made.Run("report", "-o", _made["report.html"]);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(_made["report.html"], run.Output);
        string page = File.ReadAllText(_made["report.html"]);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;script&gt;alert(1)&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 2_000_000, 4_000_000);
        foreach (string key in (string[])["accuracy", "matrix", "early-stop", "learning-curves", "supermasks", "mask-images", "movement", "layers", "weights"])
            Assert.Contains($"id=\"runs-{key}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_are_files_in_every_format()
    {
        foreach (string format in (string[])["csv", "svg", "png", "pdf"])
        {
            JsonNode json = _made.Run("report", "--format", format, "-o", _made["charts"], "--json").Json;
            string[] files = [.. json["files"]!.AsArray().Select(file => (string)file!)];
            Assert.Contains(Path.Combine(_made["charts"], $"runs-accuracy.{format}"), files);
            Assert.All(files, file => Assert.True(new FileInfo(file).Length > 100));
        }
        Assert.StartsWith("\u0089PNG", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_made["charts"], "runs-accuracy.png"))));
        string svg = File.ReadAllText(Path.Combine(_made["charts"], "runs-accuracy.svg"));
        Assert.Contains("<title>Accuracy as weights are pruned</title>", svg, StringComparison.Ordinal);
        Assert.Contains("stroke=\"#0b61a8\"", svg, StringComparison.Ordinal);
        Assert.StartsWith("%PDF", File.ReadAllText(Path.Combine(_made["charts"], "runs-accuracy.pdf")), StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(Path.Combine(_made["charts"], "runs-accuracy.csv"));
        Assert.Equal(("condition,weights remaining,test accuracy,low,high,n", 1 + 3 * 3), (lines[0], lines.Length));
    }

    [Fact]
    public void Images_have_the_size_and_the_colours_of_a_paper()
    {
        Assert.Equal(0, _made.Run("report", "--format", "svg", "-o", _made["paper"], "--width", "3.25in", "--font-size", "8", "--palette", "okabe-ito", "--title").ExitCode);
        string svg = File.ReadAllText(Path.Combine(_made["paper"], "runs-accuracy.svg"));
        Assert.Contains("width=\"234pt\"", svg, StringComparison.Ordinal);
        Assert.Contains("font-size=\"8\"", svg, StringComparison.Ordinal);
        Assert.Contains("stroke=\"#0072b2\"", svg, StringComparison.Ordinal);
        Assert.Contains(">Accuracy as weights are pruned</text>", svg, StringComparison.Ordinal);
        Refused("'3.25', but must be a length with its unit", "report", "--format", "svg", "--width", "3.25");
        Refused("--palette cannot be 'okabe-it'; did you mean 'okabe-ito'?", "report", "--format", "svg", "--palette", "okabe-it");
        Refused("--width is for images of charts", "report", "--width", "3in", "-o", _made["r.html"]);
        Refused("9.7 or less", "report", "--format", "pdf", "--width", "3.25in", "--font-size", "20");
    }

    [Fact]
    public void The_ending_of_the_file_says_what_is_written()
    {
        Assert.Equal(0, _made.Run("report", "-o", _made["r.tex"]).ExitCode);
        Assert.Contains("\\begin{tabular}", File.ReadAllText(_made["r.tex"]), StringComparison.Ordinal);
        Assert.Equal(0, _made.Run("report", "-o", _made["r.md"]).ExitCode);
        Assert.StartsWith("# ", File.ReadAllText(_made["r.md"]), StringComparison.Ordinal);
        Refused("--format pdf -o charts", "report", "-o", _made["r.pdf"]);
        Assert.False(File.Exists(_made["r.pdf"]));
    }

    [Fact]
    public void Text_has_the_finding_the_results_and_the_command()
    {
        Assert.Equal(0, _made.Run("report", "--format", "md", "-o", _made["report.md"]).ExitCode);
        string text = File.ReadAllText(_made["report.md"]);
        Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
        Assert.Contains("| density |", text, StringComparison.Ordinal);
        Assert.Contains("lottery find --network mlp:20-16-3", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--network mlp:20-16-3 --levels 1 --scale mean-std --optimizer sgd --lr 0.1 --momentum 0.9 --lr-at 20,30 --warm-up 5")]
    [InlineData("--network mlp:20-16-3 --supermask signed-constant --rescale --replicates 2")]
    [InlineData("--network FILE.yaml --levels 2 --untrained --criterion large-final-same-sign --mask1 constant-same-sign")]
    public void The_commands_make_the_same_runs_again(string search)
    {
        File.WriteAllText(_made["FILE.yaml"], "network: own\ninput: 20\nlayers:\n  - fc: 12\n  - relu\n  - output: 3\n");
        CommandLineRun found = InStore("first", $"lottery find {search} --data FOLDER --validation 100 --steps 40 --evaluate 20 --batch 20");
        Assert.True(found.ExitCode == 0, found.Error);
        CommandLineRun.Of("report", "--format", "md", "-o", _made["again.md"], "--store", _made["first"]);
        string[] commands = Commands("again.md");
        Assert.Single(commands);
        Assert.Equal(0, InStore("second", commands[0]).ExitCode);
        Assert.Equal(Ids(new RunStore(_made["first"])), Ids(new RunStore(_made["second"])));
    }

    [Fact]
    public void The_commands_make_the_same_runs()
    {
        _made.Run("report", "--format", "md", "-o", _made["report.md"]);
        string[] commands = Commands("report.md");
        Assert.Equal(2, commands.Length);
        foreach (string command in commands) Assert.Equal(0, InStore("again", command).ExitCode);
        Assert.Equal(Ids(_made.Store), Ids(new RunStore(_made["again"])));
    }

    private string[] Commands(string report) =>
        [.. File.ReadAllLines(_made[report]).Where(line => line.StartsWith("lottery find", StringComparison.Ordinal))];

    /// <summary>A command of a report, with what it leaves to the reader filled in.</summary>
    private CommandLineRun InStore(string store, string command) => CommandLineRun.Of([.. command.Split(' ')[1..].Select(word =>
        word switch { "FOLDER" => _made.DataPath, "FILE.yaml" => _made["FILE.yaml"], _ => word.Trim('\'') }), "--store", _made[store]]);

    private static string[] Ids(RunStore store) => [.. store.List().Select(run => run.Id).Order()];

    [Fact]
    public void Runs_are_named_by_their_ids_and_come_with_what_they_were_cut_from()
    {
        RunSummary deepest = _made.Store.List().First(run => run is { Level: 2, Criterion: "abs(wi)" });
        Assert.Equal(0, _made.Run("report", deepest.Id[..8], "--format", "csv", "-o", _made["charts"]).ExitCode);
        Assert.Equal(1 + 3, File.ReadAllLines(Path.Combine(_made["charts"], "runs-accuracy.csv")).Length);
    }

    [Fact]
    public void A_study_is_named_and_a_misspelt_one_suggested()
    {
        _made.Store.AddToStudy("widths", _made.Store.List().Select(run => run.Id));
        Assert.Equal(0, _made.Run("report", "widths", "--format", "md", "-o", _made["w.md"]).ExitCode);
        Assert.StartsWith("# widths\n", File.ReadAllText(_made["w.md"]));
        Refused("did you mean 'widths'?", "report", "withs");
        Refused("'zzzzzzzzzzzz'", "report", "zzzzzzzzzzzz");
    }

    [Fact]
    public void What_cannot_be_written_is_named()
    {
        Refused($"there is no folder {_made["none"]}", "report", "-o", Path.Combine(_made["none"], "r.html"));
        Refused("is a folder", "report", "-o", _made.Path);
        Refused("did you mean 'svg'?", "report", "--format", "sgv");
        File.WriteAllText(_made["file"], "");
        Refused("is a file, and several files are to be written", "report", "--format", "svg", "-o", _made["file"]);
    }

    [Fact]
    public void An_empty_store_has_nothing_to_report()
    {
        new RunStore(_made["empty"]).Create();
        CommandLineRun run = CommandLineRun.Of("report", "--store", _made["empty"], "-o", _made["r.html"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("lottery quickstart", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_made["r.html"]));
    }

    [Fact]
    public void What_is_half_written_or_newer_is_left_out_and_told()
    {
        RunSummary[] runs = [.. _made.Store.List().Where(run => run.Level == 2)];
        File.WriteAllText(Path.Combine(_made.Store.Paths.Run(runs[0].Id), StorePaths.RunFile), "{\"format\": 2, ");
        File.WriteAllText(Path.Combine(_made.Store.Paths.Run(runs[1].Id), StorePaths.RunFile), "{\"format\": 99}");
        Directory.CreateDirectory(Path.Combine(_made.Store.Paths.Runs, new string('e', 64)));
        CommandLineRun run = _made.Run("report", "--format", "md", "-o", _made["r.md"]);
        Assert.Equal(0, run.ExitCode);
        string text = File.ReadAllText(_made["r.md"]);
        Assert.Contains("is damaged", text, StringComparison.Ordinal);
        Assert.Contains("format 99", text, StringComparison.Ordinal);
    }

    private void Refused(string part, params string[] words)
    {
        CommandLineRun run = _made.Run(words);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }
}
