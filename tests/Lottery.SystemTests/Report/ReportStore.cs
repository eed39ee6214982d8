using Lottery.Studies.Store;
using Lottery.SystemTests.Cli;

namespace Lottery.SystemTests.Report;

/// <summary>A store with two small searches over two criteria, whose data have a name that is markup.</summary>
internal sealed class ReportStore : IDisposable
{
    /// <summary>The name of the data: a folder may be called so.</summary>
    public const string Data = "a<script>alert(1)<b>\"&";

    private readonly TemporaryFolder _folder = new();

    public ReportStore(int replicates = 2, int levels = 2, bool other = true)
    {
        TinyImages.Write(_folder[Data]);
        Find(replicates, levels, "large-final", "--controls", "reinit");
        if (other) Find(replicates, levels, "abs(wi)");
    }

    public string Path => _folder["store"];

    public string DataPath => _folder[Data];

    public RunStore Store => new(Path);

    public string this[string name] => _folder[name];

    /// <summary>The command line with this store.</summary>
    public CommandLineRun Run(params string[] words) => CommandLineRun.Of([.. words, "--store", Path]);

    public void Dispose() => _folder.Dispose();

    private void Find(int replicates, int levels, string criterion, params string[] more) => Assert.Equal(0, Run(
    [
        "find", "--network", "mlp:20-16-3", "--data", DataPath, "--validation", "100", "--levels", $"{levels}", "--steps", "120",
        "--evaluate", "20", "--batch", "20", "--rate", "conv=0.1,fc=0.4,output=0.2", "--replicates", $"{replicates}", "--criterion",
        criterion, .. more,
    ]).ExitCode);
}
