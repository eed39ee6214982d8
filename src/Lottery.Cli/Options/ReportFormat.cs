namespace Lottery.Cli.Options;

/// <summary>What a report is written as: one document, or a file for each chart.</summary>
internal static class ReportFormat
{
    /// <summary>The documents: their endings.</summary>
    public static string[] Documents { get; } = ["html", "md", "tex"];

    /// <summary>The files of charts: their endings.</summary>
    public static string[] Charts { get; } = ["csv", "svg", "png", "pdf"];

    /// <summary>The format that a command line asks for: with <c>--format</c>, or by the ending of the file.</summary>
    /// <param name="format">The format that is stated; null if none is.</param>
    /// <param name="output">The file or folder to write; null if none is named.</param>
    /// <exception cref="UserException">They contradict each other, or the ending is that of no report.</exception>
    public static string Find(string? format, string? output)
    {
        // A folder has its own error where a file is to be written.
        if (output is null || Directory.Exists(output)) return format ?? Documents[0];
        string ending = Path.GetExtension(output).TrimStart('.').ToLowerInvariant();
        if (format is not null && Charts.Contains(format))
            return Charts.Contains(ending)
                ? throw new UserException($"-o {output} names one file, and --format {format} writes a file for each chart: name a folder.") : format;
        if (Documents.Contains(ending))
            return format is null || format == ending ? ending
                : throw new UserException($"--format {format} and -o {output} contradict each other: leave out --format, or name a file that ends in .{format}.");
        if (Charts.Contains(ending))
            throw new UserException($"-o {output} names one file, and charts are a file each: `lottery report --format {ending} -o charts` writes them into a folder; "
                + $"a report ends in {Endings}.");
        throw new UserException($"-o {output} has the ending of no report: name a file that ends in {Endings}, or a folder with --format {List(Charts)}.");
    }

    private static string Endings => List([.. Documents.Select(ending => $".{ending}")]);

    private static string List(string[] words) => $"{string.Join(", ", words[..^1])} or {words[^1]}";
}
