using System.Diagnostics;
using System.Text.Json.Nodes;
using CsCheck;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.SystemTests.Studies;

public sealed class RunStoreDamageTests : IDisposable
{
    private static readonly RunSpecification Run = MadeUp.Next(MadeUp.Dense());

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public RunStoreDamageTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial };
        MadeUp.Keep(_store, MadeUp.Dense());
        MadeUp.Keep(_store, Run);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run.json")]
    [InlineData("tensors.bin")]
    [InlineData("metrics.parquet")]
    public void A_flipped_bit_is_noticed_or_changes_nothing(string name)
    {
        string file = Path.Combine(_store.Paths.Run(RunIdentity.Of(Run)), name);
        byte[] whole = File.ReadAllBytes(file);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7]).Sample((index, bit) =>
        {
            byte[] damaged = [.. whole];
            damaged[index] ^= (byte)(1 << bit);
            AssertNoticed(file, damaged);
        }, threads: 1);
    }

    [Fact]
    public void Damage_of_any_file_of_a_store_is_found()
    {
        _store.AddToStudy("some", [RunIdentity.Of(Run)]);
        _store.KeepSnapshot(MadeUp.Dense(), 100, MadeUp.Result(MadeUp.Dense()).Final);
        string[] listed = [.. _store.List().Select(run => run.Id)], files = Directory.GetFiles(_folder["store"], "*", SearchOption.AllDirectories);
        Assert.Equal(4 + 4 + 4, files.Length);
        foreach (string file in files)
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int at = 0; at < whole.Length; at += 1 + whole.Length / 40)
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= 0x04;
                File.WriteAllBytes(file, damaged);
                Assert.True(IsFound(file), $"byte {at} of {file}");
            }
            File.WriteAllBytes(file, whole);
        }
        Assert.All(_store.Verify(), check => Assert.Empty(check.Problems));
        Assert.Empty(ListVerifier.Check(_store.Paths));

        bool IsFound(string file) => Path.GetFileName(file) switch
        {
            "store.json" => Record.Exception(() => new RunStore(_folder["store"])) is UserException,
            "index.bin" => _store.List().Select(run => run.Id).SequenceEqual(listed),
            "some.json" or "weights.bin" => Assert.Single(ListVerifier.Check(_store.Paths)) is var damaged && damaged.Path == file && damaged.Problem.Contains(file, StringComparison.Ordinal),
            _ => Assert.Single(_store.Verify(), check => !check.Problems.IsEmpty).Id == Path.GetFileName(Path.GetDirectoryName(file)),
        };
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("tensors.bin")]
    [InlineData("metrics.parquet")]
    public void A_file_cut_short_is_noticed(string name)
    {
        string file = Path.Combine(_store.Paths.Run(RunIdentity.Of(Run)), name);
        byte[] whole = File.ReadAllBytes(file);
        Gen.Int[0, whole.Length - 2].Sample(length => AssertNoticed(file, whole[..length]), threads: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_of_a_newer_format_is_named_and_the_others_are_listed(bool specification)
    {
        string file = Path.Combine(_store.Paths.Run(RunIdentity.Of(Run)), "run.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        (specification ? json["specification"]! : json)["format"] = 9;
        json.AsObject().Remove("checksum");
        json["checksum"] = CanonicalJson.Hash(json);
        File.WriteAllText(file, json.ToJsonString());
        File.Delete(_store.Paths.IndexFile);

        foreach (Action look in new Action[] { () => _store.Find(Run), () => _store.Summary(RunIdentity.Of(Run)) })
        {
            var refused = Assert.Throws<UserException>(look);
            Assert.Contains("format 9", refused.Message);
            Assert.Contains(file, refused.Message);
        }
        var warnings = new List<string>();
        Assert.Single(new RunStore(_folder["store"]) { Warn = warnings.Add }.List());
        Assert.Contains("format 9", Assert.Single(warnings));
    }

    [Fact]
    public void A_store_that_can_only_be_read_is_listed_and_refuses_runs()
    {
        using SmallDisk disk = SmallDisk.MountOrSkip(_folder["disk"]);
        var store = new RunStore(Path.Combine(disk.Path, "store")) { Initial = MadeUp.Initial };
        MadeUp.Keep(store, MadeUp.Dense());
        File.Delete(store.Paths.IndexFile);
        disk.Protect();
        Assert.Single(store.List());
        Assert.Empty(Assert.Single(store.Verify()).Problems);
        Assert.NotNull(store.Find(MadeUp.Dense()));
        foreach (Action write in new Action[]
        {
            () => store.Begin(Run, CancellationToken.None), () => store.AddToStudy("a", []), () => store.CollectGarbage(),
            () => store.Remove(RunIdentity.Of(MadeUp.Dense())),
        })
            Assert.Contains("read-only", Assert.Throws<UserException>(write).Message);
    }

    [Fact]
    public void A_store_of_a_newer_format_is_refused()
    {
        File.WriteAllText(_store.Paths.StoreFile, $"{{\"format\": {RunStore.Format + 1}}}\n");
        Assert.Contains($"format {RunStore.Format + 1}", Assert.Throws<UserException>(() => new RunStore(_folder["store"])).Message);
    }

    [Theory]
    [InlineData("/dev/null/store")]
    [InlineData("/dev/full")]
    [InlineData("/proc/store")]
    public void A_folder_that_cannot_be_written_is_named(string folder)
    {
        var refused = Assert.Throws<UserException>(() => new RunStore(folder).Begin(Run, CancellationToken.None));
        Assert.Contains(folder, refused.Message);
        Assert.Contains("--store", refused.Message);
    }

    [Fact]
    public void A_full_disk_loses_nothing_that_was_finished()
    {
        using SmallDisk disk = SmallDisk.MountOrSkip(_folder["disk"]);
        var store = new RunStore(Path.Combine(disk.Path, "store")) { Initial = MadeUp.Initial };
        int kept = 0;
        var refused = Assert.Throws<WorkFailedException>(() =>
        {
            for (ulong seed = 0; seed < 1000; seed++, kept++) MadeUp.Keep(store, MadeUp.Dense(seed));
        });
        Assert.Contains("disk is full", refused.Message);
        Assert.InRange(kept, 1, 999);

        string[] ids = [.. store.List().Select(record => record.Id)];
        Assert.InRange(ids.Length, kept, kept + 1);
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));

        store.Remove(ids[..(ids.Length / 2)]);
        store.CollectGarbage();
        MadeUp.Keep(store, MadeUp.Dense(2000));
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
    }

    [Fact]
    public void A_full_disk_leaves_the_checkpoint_before()
    {
        using SmallDisk disk = SmallDisk.MountOrSkip(_folder["disk"]);
        var store = new RunStore(Path.Combine(disk.Path, "store")) { Initial = MadeUp.Initial };
        using (IRunSession session = store.Begin(Run, CancellationToken.None))
        {
            session.Save(MadeUp.Checkpoint(Run, 100));
            disk.Fill();
            Assert.Throws<WorkFailedException>(() => session.Save(MadeUp.Checkpoint(Run, 200)));
            Assert.Throws<WorkFailedException>(() => session.Finish(MadeUp.Result(Run)));
        }
        disk.Empty();
        using IRunSession again = store.Begin(Run, CancellationToken.None);
        Assert.Equal(100, again.Resume!.Step);
        again.Finish(MadeUp.Result(Run));
    }

    private void AssertNoticed(string file, byte[] damaged)
    {
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, damaged);
        try
        {
            RunResult found = _store.Find(Run)!;
            Assert.Equal(MadeUp.Result(Run).Final.Sha256, found.Final.Sha256);
            Assert.Equal(MadeUp.Result(Run).Evaluations, found.Evaluations);
            Assert.Equal(MadeUp.Result(Run).Accuracy, found.Accuracy);
        }
        catch (UserException refusal)
        {
            Assert.Contains(file, refusal.Message);
            Assert.NotEmpty(Assert.Single(_store.Verify(RunIdentity.Of(Run))).Problems);
        }
        finally
        {
            File.WriteAllBytes(file, whole);
        }
    }

    /// <summary>A file system in memory that is soon full.</summary>
    private sealed class SmallDisk(string path) : IDisposable
    {
        public string Path { get; } = path;

        private string Filler => System.IO.Path.Combine(Path, "filler");

        public static SmallDisk MountOrSkip(string path)
        {
            Directory.CreateDirectory(path);
            bool mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path);
            Assert.SkipUnless(mounted, "Mounting a small disk takes Linux and root.");
            return new(path);
        }

        public void Fill()
        {
            using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            try
            {
                while (true) file.Write(new byte[512]);
            }
            catch (IOException)
            {
            }
        }

        public void Protect() => Run("mount", "-o", "remount,ro", Path);

        public void Empty() => File.Delete(Filler);

        public void Dispose() => Run("umount", Path);

        private static bool Run(string program, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
