using System.Text.RegularExpressions;

namespace Lottery.SystemTests.Documentation;

/// <summary>
/// The rule by which what a document shows is made short enough for a test: the same commands and examples with small numbers,
/// on small data of the same shapes; and what a test cannot run, with the reason. It is all here.
/// </summary>
internal static partial class ShortForm
{
    /// <summary>What a document shows and no test can run.</summary>
    private static readonly (string Begins, string Reason)[] s_notRun =
    [
        ("lottery data get", "downloads from the internet; DataDownloadTests has a mirror of its own"),
        ("lottery data verify", "compares with published hashes, and the test's data are made up; DataCommandTests"),
        ("lottery study attach", "needs a cluster; SlurmTests has one"),
        ("lottery study cancel", "needs a cluster; SlurmTests has one"),
    ];

    /// <summary>The folder of small images of CIFAR's shape: the files of a known set must have their published lengths.</summary>
    private const string Cifar = "./cifar";

    /// <summary>Options and the most that their values may be.</summary>
    private static readonly Dictionary<string, int> s_most = new()
    {
        ["--steps"] = 20, ["--epochs"] = 1, ["--levels"] = 2, ["--replicates"] = 2, ["--evaluate"] = 10, ["--validation"] = 100, ["--batch"] = 20,
        ["--rewind-to"] = 1,
    };

    /// <summary>Why a command is not run; null where it is.</summary>
    public static string? NotRun(string command) =>
        s_notRun.FirstOrDefault(one => command.TrimStart('.', '/').StartsWith(one.Begins, StringComparison.Ordinal)).Reason;

    /// <summary>Whether a command does the same in every fresh folder, so that running it for one page is enough.</summary>
    public static bool IsSameEverywhere(IReadOnlyList<string> words) =>
        words[0] is "quickstart" or "data" or "network" or "doctor" or "help" or "version" or "completion" || words.Contains("--help");

    /// <summary>A command's words after the program's name, with small numbers and with what stands for something filled in.</summary>
    /// <param name="words">The words.</param>
    /// <param name="ids">Ids of runs that are there: what <c>ID</c>, <c>A</c>, <c>B</c> and made-up beginnings of ids stand for; no other run comes from the last.</param>
    public static string[] Of(IReadOnlyList<string> words, IReadOnlyList<string> ids)
    {
        int next = 0;
        string[] small = [.. words.Select((word, i) => word switch
        {
            "ID" when words.Contains("rm") => ids[^1],
            "ID" or "A" or "B" => ids[next++ % ids.Count],
            "cifar-10" => Cifar,
            // A store that is only read is that of the folder.
            "DIR" when i > 0 && words[i - 1] == "--store" => ".lottery",
            "DIR" => "out",
            "FILE" => "studies/criteria.yaml",
            "NAME" => "conv-2",
            _ when i > 0 && s_most.TryGetValue(words[i - 1], out int most) => Least(word, most),
            _ when i > 0 && words[i - 1] == "--set" => Yaml(word.Replace("=", ": ", StringComparison.Ordinal)).Replace(": ", "=", StringComparison.Ordinal),
            _ when MadeUpId().IsMatch(word) => ids[next++ % ids.Count],
            _ => word,
        })];
        return small switch
        {
            // Held-out examples are 5,000 by default, and the small data have 600.
            ["find", ..] when !small.Contains("--validation") => [.. OfNetwork(WithLength(small)), "--validation", "100"],
            ["find", ..] => OfNetwork(WithLength(small)),
            // 1,800 steps of 105 runs that are fixed: small images make them short.
            ["quickstart"] => ["quickstart", "--data", "tiny"],
            // Where there is no cluster, the scripts for it can be looked at.
            ["study", "run", ..] when small.Contains("--on") => [.. small.Except(["--detach", "--dry-run"]), "--dry-run"],
            // Convolutional networks are planned and not trained.
            ["study", "run", var file, ..] when file.Contains("lt-conv", StringComparison.Ordinal) => [.. small, "--dry-run"],
            _ => small,
        };
    }

    /// <summary>A study file with small numbers.</summary>
    public static string Yaml(string text) => Number().Replace(text, match => $"{match.Groups["key"].Value}: {match.Groups["key"].Value switch
    {
        "validation" => "100", "every" => "10", "steps" => "20", "test-at" => "[10]", _ => "1",
    }}").Replace("set: cifar-10", $"set: {Cifar}", StringComparison.Ordinal);

    /// <summary>An example in C# with small numbers.</summary>
    public static string CSharp(string text) => Assignment().Replace(text, match => match.Groups["name"].Value switch
    {
        "Steps" => "Steps = 20", "Levels" => "Levels = 2", _ => "validation: 100",
    });

    /// <summary>What states no length has that of the papers.</summary>
    private static string[] WithLength(string[] words) =>
        words.Contains("--steps") || words.Contains("--epochs") || words.Contains("--help") ? words : [.. words, "--steps", "20"];

    /// <summary>Networks with convolutions take shorter steps.</summary>
    private static string[] OfNetwork(string[] words) => !words.Contains("conv-2") && !words.Contains("resnet-20") ? words
        : [.. words.Select((word, i) => (i > 0 ? words[i - 1] : "") switch { "--steps" => "2", "--levels" => "1", "--replicates" => "1", "--evaluate" => "2", "--epochs" => "1", _ => word })];

    private static string Least(string word, int most) => int.TryParse(word, out int number) ? $"{Math.Min(number, most)}" : word;

    [GeneratedRegex(@"(?<key>steps|epochs|levels|replicates|validation|every): *\d+|(?<key>test-at): *\[[^\]]*\]")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<name>Steps|Levels|validation)(?: =|:) [\d_]+")]
    private static partial Regex Assignment();

    [GeneratedRegex("^(?=.*[0-9])(?=.*[a-f])[0-9a-f]{4,10}$")]
    private static partial Regex MadeUpId();
}
