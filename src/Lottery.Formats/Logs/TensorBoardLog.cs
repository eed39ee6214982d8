using System.Collections.Immutable;
using System.Globalization;
using Lottery.Files;

namespace Lottery.Formats.Logs;

/// <summary>A folder that TensorBoard opens (<c>tensorboard --logdir DIR</c>): a subfolder of event files for each run.</summary>
internal sealed class TensorBoardLog : MetricsLog
{
    private readonly string _folder;
    private readonly Dictionary<string, FileStream> _files = [];

    public TensorBoardLog(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <inheritdoc/>
    public override void Write(LoggedRun run, int step, DateTimeOffset time, string kind, ImmutableArray<(string Name, double Value)> metrics)
    {
        if (!_files.TryGetValue(run.Id, out FileStream? file))
        {
            file = _files[run.Id] = AppendedFile.Open(Path.Combine(_folder, run.Name, string.Create(CultureInfo.InvariantCulture,
                $"events.out.tfevents.{time.ToUnixTimeSeconds()}.{Environment.ProcessId}.lottery")));
            file.Write(EventRecord.Version(time));
        }
        file.Write(EventRecord.Of(time, step, [.. metrics.Where(metric => double.IsFinite(metric.Value)).Select(metric => (Tag(kind, metric.Name), (float)metric.Value))]));
        file.Flush();
        // Hundreds of runs would hold as many files open.
        if (kind != "result") return;
        file.Dispose();
        _files.Remove(run.Id);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (FileStream file in _files.Values) file.Dispose();
    }

    // TensorBoard groups charts by what stands before the slash.
    private static string Tag(string kind, string name) => $"{kind}/{name}";
}
