using System.Formats.Tar;
using CsCheck;
using Lottery.Data;
using Lottery.Data.Downloads;
using Answer = Lottery.SystemTests.Data.Downloads.LoopbackServer.Answer;

namespace Lottery.SystemTests.Data.Downloads;

public sealed class ArchiveDownloadTests : IDisposable
{
    private const string Inside = "cifar-10-batches-bin/", Name = "cifar-10-binary.tar.gz";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_archive_is_fetched_checked_unpacked_and_not_fetched_again()
    {
        byte[] archive = CifarSample.Archive(Whole);
        using var server = new LoopbackServer(_ => Answer.Whole(archive));
        DatasetStatus status = await Download(server).Get(CifarSample.Known(archive), Token);
        Assert.True(status.IsWhole);
        Assert.Equal($"/toy/{Name}", Assert.Single(server.Requests).Path);
        Assert.Equal([.. CifarSample.Names10.Append("batches.meta.txt").Order(StringComparer.Ordinal)], FilesThere());
        Dataset data = Dataset.Load(_folder["toy"]);
        Assert.Equal((20, "truck"), (data.Train.Count, data.ClassNames[9]));
        await Download(server).Get(CifarSample.Known(archive), Token);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_broken_download_goes_on_and_a_missing_file_is_fetched_again()
    {
        byte[] archive = CifarSample.Archive(Whole);
        int asked = 0;
        using var server = new LoopbackServer(request =>
            Answer.Ranged(request, archive) with { BreakAfter = asked++ == 0 ? 1_000 : int.MaxValue });
        Assert.True((await Download(server).Get(CifarSample.Known(archive), Token)).IsWhole);
        Assert.Equal([0, 1_000], server.Requests.Select(request => request.From));
        File.Delete(_folder["toy/data_batch_4.bin"]);
        Assert.True((await Download(server).Get(CifarSample.Known(archive), Token)).IsWhole);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_archive_that_was_whole_is_unpacked_without_asking_again()
    {
        byte[] archive = CifarSample.Archive(Whole);
        Directory.CreateDirectory(_folder["toy"]);
        File.WriteAllBytes(_folder[$"toy/{Name}.part"], archive);
        File.WriteAllBytes(_folder["toy/data_batch_1.bin.part"], [1, 2, 3]);
        using var server = new LoopbackServer(_ => Answer.NotFound);
        Assert.True((await Download(server).Get(CifarSample.Known(archive), Token)).IsWhole);
        Assert.Empty(server.Requests);
        Assert.Equal(7, FilesThere().Length);
    }

    [Fact]
    public async Task Another_archive_is_refused_by_its_MD5()
    {
        byte[] archive = CifarSample.Archive(Whole), other = CifarSample.Archive([.. Whole, ("x", [1])]);
        using var server = new LoopbackServer(_ => Answer.Whole(other));
        var error = await Assert.ThrowsAsync<WorkFailedException>(() => Download(server).Get(CifarSample.Known(archive), Token));
        Assert.Contains($"it sent something else, which has been removed: expected MD5 {CifarSample.Known(archive).Archive!.Md5}, found ",
            error.Message, StringComparison.Ordinal);
        Assert.Empty(FilesThere());
    }

    [Fact]
    public async Task Nothing_but_the_set_s_own_files_is_ever_written()
    {
        await AssertUnpacked(
        [
            ("../evil.bin", new byte[12_292]), ("/evil/data_batch_1.bin", [1]), (Inside + "../data_batch_1.bin", [1]),
            (Inside + "sub/data_batch_1.bin", [1]), ("data_batch_1.bin", [1]), (Inside + "readme.html", [1]),
            (Inside + "other.bin", new byte[12_292]), .. Whole,
        ]);
        Assert.Equal(7, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Links_are_passed_over()
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, Inside + "data_batch_1.bin") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new UstarTarEntry(TarEntryType.HardLink, Inside + "data_batch_2.bin") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, Inside + "data_batch_3.bin"));
        }
        await AssertRefused(IdxSample.Gzip(content.ToArray()), "it has no data_batch_1.bin");
    }

    [Fact]
    public async Task Files_of_another_length_missing_or_twice_are_refused()
    {
        await AssertRefused(CifarSample.Archive([.. Whole.Skip(1), (Inside + "data_batch_1.bin", new byte[5])]),
            "expected 12,292 bytes in data_batch_1.bin, found 5");
        await AssertRefused(CifarSample.Archive([.. Whole.Where(file => !file.Name.EndsWith("test_batch.bin", StringComparison.Ordinal))]),
            "it has no test_batch.bin");
        await AssertRefused(CifarSample.Archive([.. Whole, Whole[2]]), "it has data_batch_3.bin twice");
    }

    [Fact]
    public async Task An_archive_that_inflates_without_end_is_refused()
    {
        (string, byte[])[] bomb = [("bomb", new byte[20_000_000]), .. Whole];
        await AssertRefused(CifarSample.Archive(bomb), "found more");
        Assert.Empty(FilesThere().Where(name => name.StartsWith("bomb", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_archive_cut_or_changed_anywhere_is_an_error_or_the_same_files() =>
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte).Sample((offset, change) =>
        {
            byte[] archive = CifarSample.Archive(Whole);
            offset %= archive.Length;
            byte[] damaged = change == 0 ? archive[..offset] : [.. archive];
            if (change != 0) damaged[offset] ^= change;
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder["archive"], damaged);
            try
            {
                foreach (string name in new ArchiveContent(CifarSample.Known(damaged), folder["archive"], folder.Path).Unpack(Token))
                    if (CifarSample.Names10.Contains(name)) Assert.Equal(12_292, new FileInfo(folder[name + ".part"]).Length);
            }
            catch (InvalidDataException)
            {
                // Refused with a message, as it should be.
            }
            Assert.Empty(Directory.GetFiles(folder.Path).Select(Path.GetFileName)
                .Except([.. CifarSample.Names10.Append("batches.meta.txt").Select(name => name + ".part"), "archive"]));
        }, iter: 50);

    private static (string Name, byte[] Content)[] Whole =>
    [
        .. CifarSample.Names10.Select((name, i) => (Inside + name, CifarSample.Records(4, first: 4 * i))),
        (Inside + "batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"u8.ToArray()),
    ];

    private string[] FilesThere() =>
        [.. Directory.GetFiles(_folder["toy"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private DataDownload Download(LoopbackServer server) =>
        new(new(null, _folder.Path, "/nowhere"), server.Address) { Pause = TimeSpan.Zero };

    private async Task AssertUnpacked((string, byte[])[] files)
    {
        byte[] archive = CifarSample.Archive(files);
        using var server = new LoopbackServer(_ => Answer.Whole(archive));
        Assert.True((await Download(server).Get(CifarSample.Known(archive), Token)).IsWhole);
    }

    private async Task AssertRefused(byte[] archive, string what)
    {
        using var server = new LoopbackServer(_ => Answer.Whole(archive));
        var error = await Assert.ThrowsAsync<WorkFailedException>(() => Download(server).Get(CifarSample.Known(archive), Token));
        Assert.StartsWith($"{_folder[$"toy/{Name}.part"]}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Empty(FilesThere().Intersect(CifarSample.Names10));
    }
}
