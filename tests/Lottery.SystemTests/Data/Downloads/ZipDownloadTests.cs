using System.IO.Compression;
using System.Security.Cryptography;
using Lottery.Data;
using Lottery.Data.Downloads;
using Lottery.Data.Formats;
using Answer = Lottery.SystemTests.Data.Downloads.LoopbackServer.Answer;

namespace Lottery.SystemTests.Data.Downloads;

/// <summary>Sets that are fetched as zip archives (EMNIST, Tiny ImageNet), or have a published MD5 for each file (KMNIST); mirrors that send on to other addresses.</summary>
public sealed class ZipDownloadTests : IDisposable
{
    private const string Split = "digits";

    private static readonly string[] s_names = [.. IdxFolder.EmnistNames(Split)];

    private static readonly byte[][] s_contents = [IdxSample.Images(30), IdxSample.Labels(30), IdxSample.Images(20), IdxSample.Labels(20)];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_zip_archive_is_fetched_checked_and_unpacked_under_the_names_of_the_set_alone()
    {
        byte[] archive = Zip([("gzip/../../evil", [1]), ("../evil.gz", [1]), ("/evil", [1]), ("gzip/emnist-letters-mapping.txt", [1]), .. Whole]);
        using var server = new LoopbackServer(_ => Answer.Whole(archive));
        Assert.True((await Get(server, Emnist(archive))).IsWhole);
        Assert.Equal("/toy/gzip.zip", Assert.Single(server.Requests).Path);
        Assert.Equal([.. s_names.Select(name => name + ".gz").Order(StringComparer.Ordinal)], FilesThere());
        Assert.Equal(4, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
        Assert.Equal((30, 20), (Dataset.Load(_folder["toy"]).Train.Count, Dataset.Load(_folder["toy"]).Test.Count));
        await Get(server, Emnist(archive));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_zip_archive_that_was_cut_off_goes_on_and_another_one_is_refused_by_its_MD5()
    {
        byte[] archive = Zip(Whole), other = Zip([.. Whole, ("x", [1])]);
        int asked = 0;
        using (var server = new LoopbackServer(request => Answer.Ranged(request, archive) with { BreakAfter = asked++ == 0 ? 200 : int.MaxValue }))
        {
            Assert.True((await Get(server, Emnist(archive))).IsWhole);
            Assert.Equal([0, 200], server.Requests.Select(request => request.From));
        }
        Directory.Delete(_folder["toy"], recursive: true);
        using var wrong = new LoopbackServer(_ => Answer.Whole(other));
        Assert.Contains("expected MD5", (await Assert.ThrowsAsync<WorkFailedException>(() => Get(wrong, Emnist(archive)))).Message, StringComparison.Ordinal);
        Assert.Empty(FilesThere());
    }

    [Fact]
    public async Task A_member_that_is_missing_damaged_or_inflates_to_more_is_named()
    {
        await AssertRefused(Zip(Whole[1..]), $"it has no {s_names[0]}.gz");
        await AssertRefused(Zip([(Whole[0].Name, [1, 2, 3]), .. Whole[1..]]), $"{s_names[0]}.gz: ");
        await AssertRefused(Zip([(Whole[0].Name, IdxSample.Gzip(IdxSample.Images(31))), .. Whole[1..]]), $"expected it to end after {s_contents[0].Length} bytes, found more");
        await AssertRefused(Zip([(Whole[0].Name, new byte[50_000_000]), .. Whole[1..]]), "found more");
        await AssertRefused([.. Zip(Whole)[..^30]], "its content is damaged");
    }

    [Fact]
    public async Task A_file_with_a_published_MD5_is_refused_when_a_mirror_sends_another()
    {
        byte[] sent = IdxSample.Gzip(s_contents[0]), other = [.. sent];
        other[4]++; // the time in the header of gzip: the same content
        KnownSet set = new("toy", "Toy", "CC0-1.0", 10, [new("train-images-idx3-ubyte", s_contents[0].Length, null) { Md5 = Md5(sent) }], [], Package: null);
        using (var wrong = new LoopbackServer(_ => Answer.Whole(other)))
            Assert.Contains($"expected MD5 {Md5(sent)}", (await Assert.ThrowsAsync<WorkFailedException>(() => Get(wrong, set))).Message, StringComparison.Ordinal);
        Assert.Empty(FilesThere());
        using var right = new LoopbackServer(_ => Answer.Whole(sent));
        Assert.True((await Get(right, set)).IsWhole);
    }

    [Fact]
    public async Task A_set_that_is_one_plain_archive_is_kept_as_it_is()
    {
        byte[] archive = Zip(("tiny-imagenet-200/wnids.txt", "n01443537\n"u8.ToArray()));
        KnownSet set = KnownSet.TinyImageNet with { Name = "toy", Files = [new(TinyArchiveFormat.FileName, archive.Length, null) { Md5 = Md5(archive), IsSentPlain = true }] };
        using var server = new LoopbackServer(_ => Answer.Whole(archive));
        Assert.True((await Get(server, set)).IsWhole);
        Assert.Equal(archive, File.ReadAllBytes(_folder["toy/" + TinyArchiveFormat.FileName]));
        Assert.Equal("/toy/" + TinyArchiveFormat.FileName, Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_mirror_that_sends_on_to_another_address_is_followed_also_when_going_on()
    {
        byte[] archive = Zip(Whole);
        int sent = 0;
        using var server = new LoopbackServer(request => request.Path.StartsWith("/toy/", StringComparison.Ordinal)
            ? new("302 Found", [], "Location: /elsewhere/file\r\n")
            : Answer.Ranged(request, archive) with { BreakAfter = sent++ == 0 ? 200 : int.MaxValue });
        Assert.True((await Get(server, Emnist(archive))).IsWhole);
        Assert.Equal([0, 200], server.Requests.Where(request => request.Path == "/elsewhere/file").Select(request => request.From));
    }

    [Fact]
    public async Task A_mirror_that_sends_on_in_a_circle_is_left_with_a_sentence()
    {
        using var server = new LoopbackServer(_ => new("302 Found", [], "Location: /toy/gzip.zip\r\n"));
        Assert.Contains("302 Found", (await Assert.ThrowsAsync<WorkFailedException>(() => Get(server, Emnist(Zip(Whole))))).Message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 2, 60);
    }

    private static (string Name, byte[] Content)[] Whole => [.. s_names.Zip(s_contents, (name, content) => ($"gzip/{name}.gz", IdxSample.Gzip(content)))];

    private static KnownSet Emnist(byte[] archive)
    {
        KnownSet real = KnownSet.Emnist.Single(set => set.Name == $"emnist-{Split}");
        return real with
        {
            Name = "toy", Files = [.. s_names.Zip(s_contents, (name, content) => new KnownFile(name, content.Length, null))], Archive = real.Archive! with { Md5 = Md5(archive) },
        };
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] bytes) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        return content.ToArray();
    }

#pragma warning disable CA5351 // It is the hash that the authors published.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    private string[] FilesThere() => [.. Directory.GetFiles(_folder["toy"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private Task<DatasetStatus> Get(LoopbackServer server, KnownSet set) =>
        new DataDownload(new(null, _folder.Path, "/nowhere"), server.Address) { Pause = TimeSpan.Zero }.Get(set, Token);

    private async Task AssertRefused(byte[] archive, string what)
    {
        using var server = new LoopbackServer(_ => Answer.Whole(archive));
        var error = await Assert.ThrowsAsync<WorkFailedException>(() => Get(server, Emnist(archive)));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FilesThere(), name => name.EndsWith(".gz", StringComparison.Ordinal));
        Directory.Delete(_folder["toy"], recursive: true);
    }
}
