using System.Globalization;
using System.Text.RegularExpressions;

namespace Lottery.Census;

/// <summary>
/// What makes a tree easy or hard to change, counted by text so that trees of any age compare: how many places one concept
/// is spelled in, how large files and folders are, how much is public, and how many refused words are left.
/// </summary>
internal static partial class Measures
{
    /// <summary>The longest source file, in lines, and the largest folder, in files, that are accepted.</summary>
    public const int MostLines = 400, MostFiles = 25;

    /// <summary>
    /// Types that each represent a run, by the names that they have had. How a task of the executor ended (RunOutcome) is not among
    /// them: it refers to a run and repeats nothing of it.
    /// </summary>
    private static readonly string[] RunTypes =
    [
        "RunSpecification", "RunResult", "RunFigures", "RunMetrics", "RunHashes", "RunDocument", "RunRecord", "RunSummary", "RunUnderway",
        "FinishedRun", "UndertakenRun", "ActiveRun", "StoredRun", "MaskedRun", "RunRow", "ListedRun",
    ];

    /// <summary>
    /// Types that each represent where training starts, by the names that they have had. What a ticket is packed from (PackSource) is
    /// the end of a run, not a start; a static class (StartingWeights) computes and represents nothing, see <see cref="Declared"/>.
    /// </summary>
    private static readonly string[] StartTypes =
    [
        "StartingPoint", "LevelStart", "SearchStart", "SearchStarts", "StartNames", "StartingWeights", "StudyStart", "StartSpecification",
        "Given", "GivenMask", "GivenMasks", "GivenWeights", "InitialMask", "TicketStart", "RewindPoint",
    ];

    public static IEnumerable<(string Measure, string Value, string Target)> Of(SourceTree tree)
    {
        (string Kernel, int Declarations, int Files)[] kernels = [.. Kernels(tree)];
        yield return ("kernel operations", $"{kernels.Length}", "");
        yield return ("declarations of a kernel operation, median (most)", Spread(kernels.Select(kernel => kernel.Declarations)), "1");
        yield return ("files that declare a kernel operation, median (most)", Spread(kernels.Select(kernel => kernel.Files)), "1");
        (string Layer, int Files)[] layers = [.. Layers(tree)];
        yield return ("layers", $"{layers.Length}", "");
        yield return ("files in src that name a layer, median (most)", Spread(layers.Select(layer => layer.Files)), "about 5");
        foreach (string layer in (string[])["MaxPool", "DepthwiseConvolution"])
            yield return ($"files in src that name {layer}", layers.FirstOrDefault(row => row.Layer == layer) is { Files: > 0 } row ? $"{row.Files}" : "n/a", "about 5");
        yield return ("frames from TicketSearch.Run to the first multiply-add", Frames(tree), "≤ 12");
        yield return ("types that represent a run", Declared(tree, RunTypes), "3");
        yield return ("types that represent a starting point", Declared(tree, StartTypes), "1");
        string[] sources = [.. tree.Sources];
        yield return ("source files", $"{sources.Length}", "about 400");
        yield return ("lines of source files, median (most)", Spread(sources.Select(tree.Lines)), "about 90 (400)");
        yield return ($"source files over {MostLines} lines", $"{sources.Count(file => tree.Lines(file) > MostLines)}", "0");
        (string folder, int files) = tree.Folders().MaxBy(row => row.Files);
        yield return ("most files in a folder", $"{files} ({folder})", "about 20");
        yield return ("public types below the command line", $"{PublicTypes(tree).Count()}", "about 100");
        foreach (RefusedWord word in RefusedWord.Headline)
            yield return ($"\"{word.Name}\" in src and docs", $"{word.Count(tree, "src") + word.Count(tree, "docs")}", "0");
        yield return ("all refused words in src and docs", $"{RefusedWord.All.Sum(word => word.Count(tree, "src") + word.Count(tree, "docs"))}", "0");
    }

    /// <summary>
    /// Each kernel operation with what is declared under its name in folders of kernels, in src and tests: a type, or a
    /// method of a set of kernels. An operation is an abstract method of a set of kernels, or a type that implements IKernel.
    /// </summary>
    public static IEnumerable<(string Kernel, int Declarations, int Files)> Kernels(SourceTree tree)
    {
        string[] files = [.. tree.Sources.Concat(tree.Files("tests", ".cs")).Where(file => file.Contains("/Kernels/", StringComparison.Ordinal))];
        string[] names =
        [
            .. files.Where(file => file.StartsWith("src/", StringComparison.Ordinal)).SelectMany(file => KernelOperation().Matches(tree.Read(file)))
                .Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal),
        ];
        foreach (string name in names)
        {
            var declaration = new Regex($@"\b(?:struct|class|record|(?:override|abstract|public)\s+[\w<>\[\]?.]+)\s+{name}\b(?=\s*[<({{:\n])");
            int[] counts = [.. files.Select(file => declaration.Count(tree.Read(file))).Where(count => count > 0)];
            yield return (name, counts.Sum(), counts.Length);
        }
    }

    /// <summary>Each layer, and in how many source files its name stands.</summary>
    public static IEnumerable<(string Layer, int Files)> Layers(SourceTree tree) =>
        from file in tree.Sources
        from match in LayerRecord().Matches(tree.Read(file))
        let name = match.Groups["name"].Value
        let word = new Regex($@"(?<![\w.""]){name}(?![\w""])")
        select (name, tree.Sources.Count(other => word.IsMatch(WithoutComments(tree.Read(other)))));

    /// <summary>The names of the public types of all projects below the command line; a type in several parts counts once.</summary>
    public static IEnumerable<string> PublicTypes(SourceTree tree) =>
        (from file in tree.Sources
         where !file.StartsWith("src/Lottery.Cli/", StringComparison.Ordinal)
         from match in PublicType().Matches(tree.Read(file))
         select match.Groups["name"].Value).Distinct();

    /// <summary>The most that the test of the call depth accepts; "n/a" in a tree without that test.</summary>
    private static string Frames(SourceTree tree) =>
        tree.Files("tests", "CallDepthTests.cs").Select(file => FrameLimit().Match(tree.Read(file))).FirstOrDefault(match => match.Success) is { } found
            ? $"at most {found.Groups["frames"].Value}"
            : "n/a";

    /// <summary>How many of the names are types with values, that is no static classes.</summary>
    private static string Declared(SourceTree tree, string[] names)
    {
        string text = string.Concat(tree.Sources.Select(tree.Read));
        string[] found = [.. names.Where(name => Regex.IsMatch(text, $@"\b(?<!static\s+)(?:class|struct|record|enum|interface)\s+{name}\b"))];
        return found.Length <= 3 ? $"{found.Length} ({string.Join(", ", found)})" : $"{found.Length}";
    }

    private static string Spread(IEnumerable<int> counts)
    {
        int[] sorted = [.. counts.Order()];
        if (sorted.Length == 0) return "n/a";
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
        return $"{median.ToString(CultureInfo.InvariantCulture)} ({sorted[^1]})";
    }

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\babstract\s+[\w<>]+\s+(?<name>[A-Z]\w*)(?:<[^>(]*>)?\(|\bstruct\s+(?<name>[A-Z]\w*)[^{;]*?:\s*IKernel\b")]
    private static partial Regex KernelOperation();

    [GeneratedRegex(@"\bsealed record (?<name>\w+)\([^{;]*?\)\s*:\s*Layer\(")]
    private static partial Regex LayerRecord();

    [GeneratedRegex(@"^\s*public\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|record\s+struct|record|struct|interface|enum|delegate\s+[\w<>]+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bMost\s*=\s*(?<frames>\d+)")]
    private static partial Regex FrameLimit();
}
