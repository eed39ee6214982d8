using System.Text;
using System.Text.Json;

namespace Lottery.Studies.Store;

/// <summary>One line a finished run, so that ten thousand are listed without opening ten thousand files.</summary>
/// <remarks>
/// The folders are the truth. A line without a folder is passed over, a folder without a line is read and its line
/// added, a line that is torn counts as missing: the index may be deleted at any time.
/// </remarks>
internal sealed class RunIndex(StorePaths paths, Action<string> warn)
{
    /// <summary>The records of all finished runs, without their studies.</summary>
    /// <param name="locked">True where the caller holds the store's lock.</param>
    public IReadOnlyList<RunRecord> Read(bool locked = false)
    {
        if (!Directory.Exists(paths.Runs)) return [];
        HashSet<string> folders = [.. StoreErrors.Guard(paths.Runs,
            () => Directory.EnumerateDirectories(paths.Runs).Select(folder => Path.GetFileName(folder)).ToList())];
        Dictionary<string, RunRecord> lines = ReadLines(out bool clean);
        List<RunRecord> records = [.. lines.Values.Where(record => folders.Contains(record.Id))];
        List<RunRecord> missing = [.. folders.Where(id => !lines.ContainsKey(id)).Select(Load).OfType<RunRecord>()];
        records.AddRange(missing);
        if (!clean || records.Count - missing.Count != lines.Count) Try(() => Replace(records), locked);
        else if (missing.Count > 0) Try(() => Append(missing), locked);
        return records;
    }

    /// <summary>Adds a run's line; the store's lock must be held.</summary>
    public void Append(IEnumerable<RunRecord> records)
    {
        using var stream = new FileStream(
            paths.IndexFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        bool torn = stream.Length > 0 && LastByte(stream) != '\n';
        stream.Seek(0, SeekOrigin.End);
        // One write, so that a reader sees a line whole or, at worst, torn at the end.
        stream.Write(Encoding.UTF8.GetBytes((torn ? "\n" : "") + string.Concat(records.Select(Line))));
    }

    /// <summary>Writes all lines anew; the store's lock must be held.</summary>
    public void Replace(IEnumerable<RunRecord> records) =>
        DurableFile.Replace(paths.IndexFile, Encoding.UTF8.GetBytes(string.Concat(records.Select(Line))));

    private static string Line(RunRecord record) =>
        JsonSerializer.Serialize(record with { Studies = [] }, RunRecordJson.Default.RunRecord) + "\n";

    private static int LastByte(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte();
    }

    private Dictionary<string, RunRecord> ReadLines(out bool clean)
    {
        clean = true;
        var records = new Dictionary<string, RunRecord>();
        if (!File.Exists(paths.IndexFile)) return records;
        foreach (string line in StoreErrors.Guard(paths.IndexFile, () => File.ReadAllLines(paths.IndexFile)))
        {
            RunRecord? record = Parse(line);
            clean &= record is not null && records.TryAdd(record.Id, record);
        }
        return records;
    }

    private static RunRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RunRecordJson.Default.RunRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private RunRecord? Load(string id)
    {
        try
        {
            return RunRecord.Of(RunDocument.Read(Path.Combine(paths.Run(id), StorePaths.RunFile)));
        }
        catch (UserException damaged)
        {
            warn(damaged.Message);
            return null;
        }
    }

    // A store that cannot be written can still be listed.
    private void Try(Action write, bool locked)
    {
        try
        {
            using FileLock? held = locked ? null : FileLock.Take(paths.LockFile);
            write();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            warn($"The store's index could not be renewed ({refusal.Message.TrimEnd('.')}); listing will be slow.");
        }
    }
}
