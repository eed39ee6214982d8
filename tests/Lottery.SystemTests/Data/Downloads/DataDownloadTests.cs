using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Data.Downloads;
using Answer = Lottery.SystemTests.Data.Downloads.LoopbackServer.Answer;
using Request = Lottery.SystemTests.Data.Downloads.LoopbackServer.Request;

namespace Lottery.SystemTests.Data.Downloads;

public sealed class DataDownloadTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte";

    private readonly TemporaryFolder _folder = new();
    private readonly ToySet _toy = new();

    private string Cached => _folder[$"toy/{Images}.gz"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AWholeSetIsFetchedCheckedAndNotFetchedAgain()
    {
        using var server = new LoopbackServer(request => Answer.Whole(_toy[request]));
        var progress = new List<DownloadProgress>();
        DatasetStatus status = await Download(progress.Add, server.Address).Get(_toy.Known, Token);
        Assert.True(status.IsWhole);
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(4, Directory.GetFiles(_folder["toy"]).Length);
        Assert.Equal(_toy.Images, File.ReadAllBytes(Cached));
        Assert.Equal(100, Dataset.Load(_folder["toy"]).Train.Count);
        DownloadProgress last = progress.Last(step => step.File == Images);
        Assert.Equal((_toy.Images.Length, _toy.Images.Length), (last.Bytes, last.Total));

        await Download(server.Address).Get(_toy.Known, Token);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task ABrokenConnectionGoesOnByItself()
    {
        using var server = new LoopbackServer(request =>
            Serve(request, breakAfter: ToySet.IsImages(request) && request.From == 0 ? 20_000 : int.MaxValue));
        Assert.True((await Download(server.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.Equal([null, "bytes=20000-"], server.Requests.Where(ToySet.IsImages).Select(request => request["Range"]));
        Assert.Equal("\"1\"", server.Requests[1]["If-Range"]);
        Assert.Equal(_toy.Images, File.ReadAllBytes(Cached));
    }

    [Fact]
    public async Task AConnectionThatKeepsBreakingIsTakenUpByTheNextCommand()
    {
        int broken = 0;
        using var server = new LoopbackServer(request =>
            Serve(request, breakAfter: ToySet.IsImages(request) && broken++ < 3 ? 10_000 : int.MaxValue));
        UserException error = await Failure(Download(server.Address));
        Assert.StartsWith($"{Images} could not be fetched ({server.Address}toy/{Images}.gz: the connection broke after "
            + $"30,000 of {_toy.Images.Length:N0} bytes: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; run `lottery data get toy` again to go on from there.", error.Message, StringComparison.Ordinal);
        Assert.Equal(_toy.Images[..30_000], File.ReadAllBytes(Cached + ".part"));
        Assert.False(File.Exists(Cached));

        Assert.True((await Download(server.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.Equal([0, 10_000, 20_000, 30_000], server.Requests.Where(ToySet.IsImages).Select(request => request.From));
        Assert.Equal(_toy.Images, File.ReadAllBytes(Cached));
        Assert.Equal(4, Directory.GetFiles(_folder["toy"]).Length);
    }

    [Fact]
    public async Task AServerThatIgnoresRangesOrHasAnotherVersionSendsTheWholeAgain()
    {
        foreach (Func<Request, byte[], Answer> answer in new Func<Request, byte[], Answer>[]
        {
            (_, file) => Answer.Whole(file),
            (request, file) => Answer.Ranged(request, file, request.From == 0 ? "\"old\"" : "\"new\""),
            (request, file) => request.From == 0 ? Answer.Whole(file) : new("416 Range Not Satisfiable", []),
            (request, file) => request.From == 0
                ? Answer.Whole(file)
                : new("206 Partial Content", file[5..], $"Content-Range: bytes 5-{file.Length - 1}/{file.Length}\r\n"),
        })
        {
            int asked = 0;
            using var server = new LoopbackServer(request =>
                answer(request, _toy[request]) with { BreakAfter = asked++ == 0 ? 20_000 : int.MaxValue });
            Assert.True((await Download(server.Address).Get(_toy.Known, Token)).IsWhole);
            Assert.Equal(20_000, server.Requests[1].From);
            Assert.Equal(_toy.Images, File.ReadAllBytes(Cached));
            Directory.Delete(_folder["toy"], recursive: true);
        }
    }

    [Fact]
    public async Task ABeginningThatDoesNotFitTheRestIsThrownAway()
    {
        int asked = 0;
        using var server = new LoopbackServer(request => asked++ == 0
            ? new Answer("200 OK", new byte[_toy.Images.Length], BreakAfter: 20_000)
            : Answer.Ranged(request, _toy[request]));
        Assert.True((await Download(server.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.Equal([0, 20_000, 0], server.Requests.Where(ToySet.IsImages).Select(request => request.From));
    }

    [Fact]
    public async Task WrongBytesAreRemovedAndTold()
    {
        using var server = new LoopbackServer(_ => Answer.Whole("<html>Please log in</html>"u8.ToArray()));
        UserException error = await Failure(Download(server.Address));
        Assert.Equal($"{Images} could not be fetched ({server.Address}toy/{Images}.gz: it sent something else, which has been "
            + "removed: expected 60,016 bytes, found 26); check the connection and run `lottery data get toy` again, "
            + $"or copy the set's files to {_folder["toy"]}.", error.Message);
        Assert.Empty(Directory.GetFiles(_folder["toy"]));
    }

    [Fact]
    public async Task RightLengthAndWrongContentIsWrongToo()
    {
        byte[] other = IdxSample.Gzip(IdxSample.Images(100, 20, 30));
        using var server = new LoopbackServer(_ => Answer.Whole(other));
        Assert.Contains($"expected SHA-256 {_toy.Known.Files[0].Sha256}, found ",
            (await Failure(Download(server.Address))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatSendsWithoutEndIsNotGivenTheDisk()
    {
        using var server = new LoopbackServer(_ => Answer.Whole(new byte[5_000_000]));
        long most = 0;
        await Failure(Download(step => most = Math.Max(most, step.Bytes), server.Address));
        Assert.InRange(most, 60_016, 60_016 + 60 + 4096 + (1 << 17));
        Assert.Empty(Directory.GetFiles(_folder["toy"]));
    }

    [Fact]
    public async Task TheNextMirrorIsAskedWhenOneHasNothingRightOrIsNotThere()
    {
        using var missing = new LoopbackServer(_ => Answer.NotFound);
        using var wrong = new LoopbackServer(request => Answer.Whole([1, 2, 3]));
        using var right = new LoopbackServer(request => Answer.Whole(_toy[request]));
        Uri unreachable;
        using (var ended = new LoopbackServer(_ => Answer.NotFound)) unreachable = ended.Address;
        Assert.True((await Download(unreachable, missing.Address, wrong.Address, right.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.Equal((4, 4, 4), (missing.Requests.Count, wrong.Requests.Count, right.Requests.Count));

        File.Delete(Cached);
        UserException error = await Failure(Download(unreachable, missing.Address));
        Assert.Contains($"{missing.Address}toy/{Images}.gz: 404 Not Found", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{unreachable}toy/{Images}.gz: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherMirrorsCopyIsNotMixedWithTheFirst()
    {
        using var breaking = new LoopbackServer(request => Serve(request, breakAfter: 100));
        using var right = new LoopbackServer(request => Answer.Ranged(request, _toy[request]));
        Assert.True((await Download(breaking.Address, right.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.All(right.Requests, request => Assert.Null(request["Range"]));
    }

    [Fact]
    public async Task AServerThatFallsSilentIsABrokenConnection()
    {
        using var server = new LoopbackServer(request => Serve(request, breakAfter: 5_000) with { Hangs = true });
        var download = new DataDownload(Locator(_folder.Path), server.Address)
        {
            Patience = TimeSpan.FromSeconds(0.5),
            Pause = TimeSpan.Zero,
        };
        Assert.Contains("no answer for 0.5 s", (await Failure(download)).Message, StringComparison.Ordinal);
        Assert.True(new FileInfo(Cached + ".part").Length >= 5_000);
    }

    [Fact]
    public async Task WhatCameBeforeCancellingIsKept()
    {
        using var server = new LoopbackServer(request => Serve(request, breakAfter: 5_000) with { Hangs = true });
        using var cancel = new CancellationTokenSource();
        DataDownload download = Download(_ => cancel.Cancel(), server.Address);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download.Get(_toy.Known, cancel.Token));
        Assert.NotEqual(0, new FileInfo(Cached + ".part").Length);
    }

    [Fact]
    public async Task ADamagedFileInTheCacheIsReplacedWhateverItsSpelling()
    {
        Directory.CreateDirectory(_folder["toy"]);
        File.WriteAllBytes(_folder[$"toy/{Images}"], [1, 2, 3]);
        File.WriteAllBytes(_folder["toy/train-labels.idx1-ubyte.gz"], [1, 2, 3]);
        using var server = new LoopbackServer(request => Answer.Whole(_toy[request]));
        Assert.True((await Download(server.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.All(_toy.Known.Files, file => Assert.Null(DataVerify.Fault(file, _folder[$"toy/{file.Name}.gz"])));
        Assert.Equal(4, Directory.GetFiles(_folder["toy"]).Length);
    }

    [Fact]
    public async Task TwoDownloadsOfOneSetDoNotMeet()
    {
        using var server = new LoopbackServer(request => Answer.Whole(_toy[request]));
        using (var part = new PartFile(Cached))
            Assert.StartsWith($"{Cached}.part cannot be written (", (await Failure(Download(server.Address))).Message,
                StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task AFullDiskIsReportedAndTheDownloadContinuesWhenThereIsSpace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small disk.");
        Directory.CreateDirectory(_folder["small"]);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", _folder["small"]),
            "A small disk cannot be mounted here.");
        try
        {
            using var server = new LoopbackServer(request => Answer.Ranged(request, _toy[request]));
            var download = new DataDownload(Locator(_folder["small"]), server.Address);
            UserException error = await Failure(download);
            Assert.Equal($"There is no space left for {_folder[$"small/toy/{Images}.gz.part"]}; free some, or set XDG_CACHE_HOME "
                + "to a folder on a larger disk, and run the same command again to go on.", error.Message);
            Assert.True(Run("mount", "-o", "remount,size=1m", _folder["small"]));
            Assert.True((await download.Get(_toy.Known, Token)).IsWhole);
            Assert.NotNull(server.Requests[1]["Range"]);
        }
        finally
        {
            Run("umount", _folder["small"]);
        }
    }

    [Fact]
    public async Task ADeviceThatIsFullIsTold()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        Directory.CreateDirectory(_folder["toy"]);
        File.CreateSymbolicLink(Cached + ".part", "/dev/full");
        using var server = new LoopbackServer(request => Answer.Whole(_toy[request]));
        Assert.StartsWith($"There is no space left for {Cached}.part; ",
            (await Failure(Download(server.Address))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACacheThatIsAFileIsTold()
    {
        File.WriteAllText(_folder["toy"], "");
        using var server = new LoopbackServer(request => Answer.Whole(_toy[request]));
        Assert.Contains(" cannot be written (", (await Failure(Download(server.Address))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMirrorIsAnAddress()
    {
        Assert.Equal(new Uri("http://host/data/"), DataDownload.Mirror("http://host/data"));
        Assert.Equal(new Uri("https://host/data/"), DataDownload.Mirror("https://host/data/"));
        foreach (string address in new[] { "ftp://host/", "host", "/srv/data" })
            Assert.Equal($"LOTTERY_MIRROR is '{address}'; set it to an address that begins with http:// or https://.",
                Assert.Throws<UserException>(() => DataDownload.Mirror(address)).Message);
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("/etc")]
    [InlineData("mnist/../../x")]
    [InlineData("")]
    public async Task OnlyTheNameOfAKnownSetIsEverAFolder(string name)
    {
        var error = await Assert.ThrowsAsync<UserException>(() => Download().Get(name, Token));
        Assert.StartsWith($"There is no data set called '{name}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task AMirrorCannotChooseWhereAFileGoes()
    {
        using var server = new LoopbackServer(request => request.Path.StartsWith("/toy/", StringComparison.Ordinal)
            ? new Answer("302 Found", [], $"Location: /%2e%2e/%2e%2e/evil/{Path.GetFileName(request.Path)}\r\n")
            : Answer.Whole(_toy[request], version: "\"../../evil\"") with
            {
                Headers = "Content-Disposition: attachment; filename=\"../../evil\"\r\n",
            });
        Assert.True((await Download(server.Address).Get(_toy.Known, Token)).IsWhole);
        Assert.Equal(4, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
        Assert.True(File.Exists(Cached));
    }

    private Answer Serve(Request request, int breakAfter) =>
        Answer.Ranged(request, _toy[request]) with { BreakAfter = breakAfter };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DatasetLocator Locator(string cache) => new(null, cache, "/nowhere");

    private DataDownload Download(params ImmutableArray<Uri> mirrors) => Download(_ => { }, mirrors);

    private DataDownload Download(Action<DownloadProgress> progress, params ImmutableArray<Uri> mirrors) =>
        new(Locator(_folder.Path), mirrors) { Progress = new Reporter<DownloadProgress>(progress), Pause = TimeSpan.Zero };

    private async Task<UserException> Failure(DataDownload download)
    {
        var error = await Assert.ThrowsAsync<WorkFailedException>(() => download.Get(_toy.Known, Token));
        return error;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
