using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>A line of the index: what <c>run.json</c> states but for its hashes, how its files looked then, and a checksum of the line.</summary>
/// <param name="Run">What it states; its specification still lacks the parent.</param>
/// <param name="SpecificationParent">The id of that parent; null at level 0.</param>
/// <param name="Files">How the run's files looked.</param>
/// <param name="Json">Its bytes, with the newline.</param>
internal sealed record IndexLine(RunSummary Run, string? SpecificationParent, RunStamp Files, ReadOnlyMemory<byte> Json)
{
    private const string Stamp = "files", Checksum = ",\"checksum\":\"", End = "\"}\n";
    private const int HashLength = 2 * SHA256.HashSizeInBytes;
    private static readonly int s_tail = Checksum.Length + HashLength + End.Length;

    /// <summary>The run's id.</summary>
    public string Id => Run.Id;

    /// <summary>The bytes of a line.</summary>
    /// <param name="content">What it has of the run.</param>
    /// <param name="files">How the run's files look.</param>
    public static byte[] Write(JsonObject content, RunStamp files)
    {
        content[Stamp] = JsonNode.Parse(files.Text);
        string text = content.ToJsonString()[..^1];
        return Encoding.UTF8.GetBytes($"{text}{Checksum}{Hash(Encoding.UTF8.GetBytes(text))}{End}");
    }

    /// <summary>Reads a line; null where it is torn, of another version, or not what was written.</summary>
    public static IndexLine? Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length <= s_tail) return null;
        ReadOnlySpan<byte> text = json.Span[..^s_tail], tail = json.Span[^s_tail..];
        if (!tail.SequenceEqual(Encoding.UTF8.GetBytes($"{Checksum}{Hash(text)}{End}"))) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            string? parent = null;
            // The parent is another line: it is set when all lines are read.
            var run = RunFile.Summary(document.RootElement, id =>
            {
                parent = id;
                return null!;
            });
            RunDocument.RequireRanges(run, parent);
            return RunIdentity.IsId(run.Id) ? new(run, parent, new(document.RootElement.GetProperty(Stamp).GetRawText()), json) : null;
        }
        catch (Exception wrong) when (RunFile.IsMalformed(wrong))
        {
            return null;
        }
    }

    private static string Hash(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text));
}

/// <summary>
/// How the files of a run look from outside: size and time of writing of <c>run.json</c> and <c>metrics.parquet</c>. They are
/// written once, so that files that look the same are the same, unless someone means to deceive.
/// </summary>
/// <param name="Text">An array of numbers in JSON.</param>
internal readonly record struct RunStamp(string Text)
{
    /// <summary>The stamp of the run in a folder.</summary>
    public static RunStamp Of(string folder) => new(string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"[{Describe(folder, StorePaths.RunFile)},{Describe(folder, StorePaths.MetricsFile)}]"));

    private static string Describe(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists && !file.Attributes.HasFlag(FileAttributes.ReparsePoint)
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Length},{file.LastWriteTimeUtc.Ticks}") : "-1,-1";
    }
}
