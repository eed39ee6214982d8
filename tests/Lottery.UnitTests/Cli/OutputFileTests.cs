using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Cli;

/// <summary>What commands write: nothing that is there is replaced unasked, no device ever, and no file of a store.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _id;

    public OutputFileTests()
    {
        var store = new RunStore(_folder["store"]);
        MadeUp.Keep(store, MadeUp.Dense());
        _id = RunIdentity.Short(RunIdentity.Of(MadeUp.Dense()));
        File.WriteAllText(_folder["mine.html"], "mine");
        File.WriteAllText(_folder["mine.parquet"], "mine");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("report -o {0}/mine.html", "mine.html")]
    [InlineData("query SELECT(1) --parquet {0}/mine.parquet", "mine.parquet")]
    public void A_file_is_replaced_only_by_force(string line, string name)
    {
        CommandLineRun refused = Line(line);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("exists already; name another path with ", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder[name]));
        Assert.Equal(0, Line(line + " --force").ExitCode);
        Assert.NotEqual("mine", File.ReadAllText(_folder[name]));
    }

    [Theory]
    [InlineData("report -o {0}/store/report.html")]
    [InlineData("report --format svg -o {0}/store/runs/charts")]
    [InlineData("query SELECT(1) --parquet {0}/store/runs/x.parquet")]
    [InlineData("runs export {1} --to {0}/store/runs")]
    public void A_store_holds_only_its_own_files(string line)
    {
        string[] before = Directory.GetFileSystemEntries(_folder["store"], "*", SearchOption.AllDirectories);
        CommandLineRun refused = Line(line + (line.StartsWith("runs", StringComparison.Ordinal) ? "" : " --force"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"is inside the store {_folder["store"]}", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder["store"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_device_or_a_pipe_is_never_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are made by mkfifo.");
        using (var make = System.Diagnostics.Process.Start("mkfifo", _folder["pipe.html"])) make.WaitForExit();
        foreach (string line in new[] { "report -o {0}/pipe.html --force", "query SELECT(1) --parquet /dev/null --force" })
        {
            CommandLineRun refused = Line(line);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("is a device or a pipe, not a file", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_files_in_a_folder_all_are_written_or_none()
    {
        Assert.Equal(0, Line("report --format svg -o {0}/charts").ExitCode);
        string[] written = Directory.GetFiles(_folder["charts"]);
        File.Delete(written[0]);
        File.WriteAllText(written[^1], "mine");
        CommandLineRun refused = Line("report --format svg -o {0}/charts");
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal("mine", File.ReadAllText(written[^1]));
        Assert.False(File.Exists(written[0]));
    }

    [Fact]
    public void An_export_is_replaced_only_by_force()
    {
        Assert.Equal(0, Line("runs export {1} --to {0}/export").ExitCode);
        Assert.Contains("has an export already", Line("runs export {1} --to {0}/export").Error, StringComparison.Ordinal);
        Assert.Equal(0, Line("runs export {1} --to {0}/export --force").ExitCode);
        File.WriteAllText(_folder["export/mine"], "");
        Assert.Contains("is not an empty folder (mine is there)", Line("runs export {1} --to {0}/export --force").Error, StringComparison.Ordinal);
    }

    private CommandLineRun Line(string line) =>
        CommandLineRun.OfLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, line, _folder.Path, _id) + $" --store {_folder["store"]}");
}
