using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.UnitTests.Studies;

/// <summary>A file system that does not give what a store needs is named in one sentence, before anything is trained.</summary>
public sealed class StoreProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("here")]
    [InlineData("not/there/yet")]
    public void A_file_system_that_has_all_is_not_complained_about(string folder)
    {
        Assert.Empty(StoreProbe.Check(_folder[folder]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(DiskCall.Open, "lets two processes create one file")]
    [InlineData(DiskCall.Link, "gives one name to two files")]
    [InlineData(DiskCall.Rename, "replaces a folder by another one")]
    public void One_that_does_not_keep_two_processes_apart_is_refused(object call, string complaint)
    {
        using var disk = new Lying(_folder.Path, (DiskCall)call);
        Assert.Contains(complaint, string.Join(' ', StoreProbe.Check(_folder["store"])), StringComparison.Ordinal);
        UserException refused = Assert.Throws<UserException>(() => MadeUp.Keep(new RunStore(_folder["store"]) { Initial = MadeUp.Initial }, MadeUp.Dense()));
        Assert.Contains("--store", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["store/store.json"]));
    }

    [Theory]
    [InlineData("Full", "disk is full")]
    [InlineData("Failure", "Input/output error")]
    public void One_that_refuses_is_said_in_its_words(string fault, string complaint)
    {
        for (int at = 0, complaints = 0; ; at++)
        {
            using var disk = new FaultyDisk(_folder.Path, at, Enum.Parse<DiskFault>(fault));
            string said = string.Join(' ', StoreProbe.Check(_folder["store"]));
            if (said.Contains(complaint, StringComparison.Ordinal)) complaints++;
            if (disk.HasFailed) continue;
            // Two of the calls are to fail.
            Assert.InRange(complaints, at - 4, at);
            return;
        }
    }

    /// <summary>A disk on which what is there does not stop a call.</summary>
    private sealed class Lying(string root, DiskCall call) : DiskWatch(root)
    {
        public override Exception? Before(DiskStep step, ref int length)
        {
            if (step.Call != call || !step.Path.Contains("probe-", StringComparison.Ordinal)) return null;
            if (File.Exists(step.Path)) File.Delete(step.Path);
            else if (Directory.Exists(step.Path)) Directory.Delete(step.Path, recursive: true);
            return null;
        }
    }
}
