namespace Lottery.SystemTests.Cli;

/// <summary>A store of another format is refused in one sentence, and is not touched.</summary>
public sealed class OldStoreTests : IDisposable
{
    private static readonly string s_id = new('a', 64);

    private readonly TemporaryFolder _folder = new();
    private readonly string _store;

    public OldStoreTests()
    {
        _store = _folder["store"];
        TinyImages.Write(_folder["tiny"]);
        Write("store.json", "{\"format\": 1}\n");
        Write("lock", "");
        Write("index.jsonl", $"{{\"id\":\"{s_id}\",\"parent\":null,\"ticket\":null}}\n");
        Write($"runs/{s_id}/run.json", $"{{\"format\": 1, \"id\": \"{s_id}\", \"seal\": \"b\"}}\n");
        Write($"runs/{s_id}/tensors.bin", "LOTTENSR");
        Write($"active/{new string('b', 64)}/claim", "");
        Write($"active/{new string('b', 64)}/run.json", "{}");
        Write("activeJobs/0123456789abcdef/activeJob.json", "{}");
        Write("studies/criteria.txt", s_id + "\n");
        Write("removed/half.tmp", "half");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("runs", "list")]
    [InlineData("runs", "list", "--json")]
    [InlineData("runs", "show", "aaaa")]
    [InlineData("runs", "diff", "aaaa", "aaaa")]
    [InlineData("runs", "masking")]
    [InlineData("runs", "verify")]
    [InlineData("runs", "rm", "aaaa")]
    [InlineData("runs", "gc")]
    [InlineData("runs", "export", "aaaa", "--to", "NEW")]
    [InlineData("study", "list")]
    [InlineData("study", "show", "criteria")]
    [InlineData("query", "SELECT 1")]
    [InlineData("report", "--format", "csv", "-o", "NEW")]
    [InlineData("ticket", "pack", "aaaa", "-o", "NEW")]
    [InlineData("find", "--network", "mlp:20-8-3", "--data", "TINY", "--validation", "100", "--levels", "1", "--steps", "20")]
    public void Every_command_refuses_it(params string[] words)
    {
        (string Path, string Content, DateTime Written)[] before = Content();
        string[] arguments = [.. words.Select(word => word switch { "TINY" => _folder["tiny"], "NEW" => _folder["new"], _ => word })];

        CommandLineRun run = CommandLineRun.Of([.. arguments, "--store", _store]);

        Assert.Equal(2, run.ExitCode);
        string sentence = Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        if (words.Contains("--json")) sentence = $"lottery: {run.Refusal}";
        Assert.Equal(
            $"lottery: {Path.Combine(_store, "store.json")} has the format 1, and this version of lottery uses format 3: "
            + "use the version that wrote it, or choose another folder with --store.", sentence);
        Assert.Empty(run.Output);
        Assert.Equal(before, Content());
        Assert.False(Path.Exists(_folder["new"]));
    }

    private (string, string, DateTime)[] Content() =>
    [
        .. Directory.EnumerateFileSystemEntries(_store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (path, File.Exists(path) ? File.ReadAllText(path) : "", Directory.GetLastWriteTimeUtc(path))),
    ];

    private void Write(string path, string content)
    {
        string full = Path.Combine(_store, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
