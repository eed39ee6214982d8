using System.Text.RegularExpressions;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Documentation;

/// <summary>Every command that README.md and docs/ show does what it says, in a fresh folder and in short form (<see cref="ShortForm"/>).</summary>
public sealed partial class DocumentCommandsRunTests(DocumentFolder prepared) : IClassFixture<DocumentFolder>
{
    public static TheoryData<string> Pages =>
        [.. Shown.Where(page => Documents.Commands(page, "lottery").Any() || Documents.Blocks(page, "sql").Any())];

    private static IEnumerable<string> Shown => Documents.All.Where(page => page is "README.md" || page.StartsWith("docs/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_commands_of_a_page_run(string page)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows splits words in another way.");
        string folder = prepared.Copy(Path.GetFileNameWithoutExtension(page));
        var faults = new List<string>();
        foreach (string command in Documents.Commands(page, "lottery").Where(command => ShortForm.NotRun(command) is null))
        {
            string[] shown = [.. Word().Matches(command).Skip(1).Select(Unquoted)];
            // A run of the reader's own data is that of the search before.
            if (shown.Contains("pack") && shown.Contains("--data")) shown = [.. shown.Select(word => word == "ID" ? Newest(folder) : word)];
            string[] words = ShortForm.Of(shown, prepared.Ids);
            // What no folder changes is run once for all pages.
            if (ShortForm.IsSameEverywhere(words) && !prepared.Ran.Add(string.Join(' ', words))) continue;
            Clear(folder, words);
            (int exitCode, string error) = words[0] == "serve" ? Serve(folder, words) : Run(folder, words);
            if (exitCode != 0) faults.Add($"{command}\n  as {string.Join(' ', words)}: {exitCode}, {error}");
        }
        foreach (string sql in Documents.Blocks(page, "sql"))
            if (Run(folder, ["query", sql]) is { ExitCode: not 0, Error: var error }) faults.Add($"{sql}: {error}");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void What_is_not_run_is_shown_somewhere() => Assert.All(
        Shown.SelectMany(page => Documents.Commands(page, "lottery")).Where(command => ShortForm.NotRun(command) is not null).DefaultIfEmpty(),
        Assert.NotNull);

    /// <summary>Removes what an earlier command of the page wrote where this one writes.</summary>
    private static void Clear(string folder, string[] words)
    {
        string[] named = [.. words.Where((_, i) => (i > 0 ? words[i - 1] : "") is "-o" or "--to" or "--parquet")];
        foreach (string target in (string[])[.. named, .. words[0] == "report" ? ["report.html", "report.md", "charts"] : (string[])[]])
        {
            string path = Path.Combine(folder, target);
            if (File.Exists(path)) File.Delete(path);
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
    }

    private static string Newest(string folder) =>
        new DirectoryInfo(Path.Combine(folder, ".lottery", "runs")).GetDirectories().MaxBy(run => run.GetFiles("run.json").Single().LastWriteTimeUtc)!.Name;

    private (int ExitCode, string Error) Run(string folder, string[] words)
    {
        using LotteryProcess process = prepared.Start(folder, words);
        CommandLineRun run = process.Wait();
        return (run.ExitCode, run.Error);
    }

    /// <summary>A server ends by a signal once it has said its address.</summary>
    private (int ExitCode, string Error) Serve(string folder, string[] words)
    {
        string said = Path.Combine(folder, "served.txt");
        using LotteryProcess server = prepared.Start(said, folder, [.. words.Select(word => word == "8080" ? "0" : word)]);
        server.Until(() => File.Exists(said) && new FileInfo(said).Length > 0);
        server.Signal("INT");
        CommandLineRun run = server.Wait();
        return (run.ExitCode == 130 ? 0 : Math.Max(1, run.ExitCode), run.Error);
    }

    private static string Unquoted(Match word) => word.Groups["double"] is { Success: true } one ? one.Value : word.Groups["single"] is { Success: true } other ? other.Value : word.Value;

    [GeneratedRegex("""\"(?<double>[^"]*)\"|'(?<single>[^']*)'|\S+""")]
    private static partial Regex Word();
}
