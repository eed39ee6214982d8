using System.Collections.Immutable;

namespace Lottery.Data.Downloads;

/// <summary>
/// Fetches the files of a known set into the cache. A file under way is kept when the connection breaks and goes on
/// from there the next time; a file counts only when the SHA-256 of its uncompressed content is right, an archive only
/// when its MD5 and the lengths of its files are; files get their names together, when all are whole. Files that are
/// there and right are not fetched again.
/// </summary>
/// <remarks>
/// <c>LOTTERY_MIRROR</c>, where it is set, is asked instead of the official mirrors: the address of a folder with one
/// folder a set, such as <c>http://host/data/</c> for <c>http://host/data/mnist/train-images-idx3-ubyte.gz</c>.
/// </remarks>
/// <param name="locator">Says where the cache is.</param>
/// <param name="mirrors">Addresses to ask in this order instead of the official ones, each with a folder a set
/// and ending in a slash.</param>
internal sealed class DataDownload(DatasetLocator locator, params ImmutableArray<Uri> mirrors)
{
    private const int Attempts = 3;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Where progress is reported, after every part that arrives.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>The time without a byte after which a connection counts as broken.</summary>
    internal TimeSpan Patience { get; init; } = Silence;

    /// <summary>The time to wait before reconnecting.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A download into the user's cache, from the mirrors that the environment names or the official ones.</summary>
    /// <exception cref="UserException"><c>LOTTERY_MIRROR</c> is not an address.</exception>
    public static DataDownload FromEnvironment(IProgress<DownloadProgress>? progress = null)
    {
        string? mirror = Environment.GetEnvironmentVariable("LOTTERY_MIRROR");
        ImmutableArray<Uri> mirrors = string.IsNullOrEmpty(mirror) ? [] : [Mirror(mirror)];
        return new(DatasetLocator.FromEnvironment(), mirrors) { Progress = progress };
    }

    /// <summary>Makes the cache hold the whole set of that name, and says what it holds.</summary>
    /// <exception cref="UserException">There is no such set, no mirror gave a file, or the cache cannot be written.</exception>
    public Task<DatasetStatus> Get(string name, CancellationToken cancellation = default) => Get(KnownSet.Get(name), cancellation);

    internal async Task<DatasetStatus> Get(KnownSet set, CancellationToken cancellation = default)
    {
        string folder = locator.CacheFolder(set);
        using HttpClient client = Client();
        KnownFile[] wanted = [.. set.Files.Where(file => !IsWhole(set, file, folder))];
        if (set.Archive is { } archive && wanted.Length > 0) await FetchAndUnpack(client, set, archive, folder, cancellation);
        else await FetchEach(client, set, wanted, folder, cancellation);
        return DataVerify.Inspect(set, new(DataOrigin.Cache, folder, set));
    }

    private static bool IsWhole(KnownSet set, KnownFile file, string folder) =>
        set.Format.Find(folder, file.Name) is { } present && DataVerify.Fault(file, present) is null;

    private async Task FetchEach(HttpClient client, KnownSet set, KnownFile[] wanted, string folder, CancellationToken cancellation)
    {
        foreach (KnownFile file in wanted) await Fetch(client, set, file, Path.Combine(folder, file.SentName), cancellation);
        foreach (KnownFile file in wanted) Replace(set, folder, file);
    }

    /// <summary>The archive goes when its files have their names; whatever stops this before, it needs not be fetched again.</summary>
    private async Task FetchAndUnpack(HttpClient client, KnownSet set, KnownArchive archive, string folder, CancellationToken cancellation)
    {
        string target = Path.Combine(folder, archive.Name), part = target + ".part";
        await Fetch(client, set, archive, target, cancellation);
        try
        {
            foreach (string name in new ArchiveContent(set, part, folder).Unpack(cancellation))
                DiskGuard.Run(part, () => PartFile.Finish(Path.Combine(folder, name)));
        }
        catch (InvalidDataException exception)
        {
            throw new WorkFailedException($"{part}: {exception.Message}; delete it and run `lottery data get {set.Name}` again.", exception);
        }
        DiskGuard.Run(part, () => PartFile.Remove(target));
    }

    /// <summary>Asks one mirror after the other until the part of a file is whole.</summary>
    private async Task Fetch(HttpClient client, KnownSet set, IKnownContent file, string target, CancellationToken cancellation)
    {
        using var part = new PartFile(target);
        var transfer = new Transfer(client, file, Patience, Progress);
        var failures = new List<string>();
        foreach (Uri mirror in Mirrors(set))
        {
            var address = new Uri(mirror, Path.GetFileName(target));
            TransferOutcome outcome = await Persist(transfer, address, part, cancellation);
            if (outcome.Result == TransferResult.Whole) return;
            failures.Add($"{address}: {outcome.What}");
        }
        string advice = part.Length > 0
            ? $"run `lottery data get {set.Name}` again to go on from there"
            : $"check the connection and run `lottery data get {set.Name}` again, or copy the set's files to {Path.GetDirectoryName(target)}{set.OrInstall}";
        throw new WorkFailedException($"{file.Name} could not be fetched ({string.Join("; ", failures)}); {advice}.");
    }

    /// <summary>Asks one mirror again as long as asking again may help.</summary>
    private async Task<TransferOutcome> Persist(Transfer transfer, Uri address, PartFile part, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            TransferOutcome outcome = await transfer.Run(address, part, cancellation);
            bool again = outcome.Result is TransferResult.Broken or TransferResult.WrongAfterResuming;
            DebugLog.Write("download", $"attempt {attempt} at {address}: {outcome.Result}{(again && attempt < Attempts ? "; it is tried again" : "")}");
            if (!again || attempt == Attempts) return outcome;
            await Task.Delay(Pause, cancellation);
        }
    }

    private IEnumerable<Uri> Mirrors(KnownSet set) =>
        mirrors.IsDefaultOrEmpty ? set.Mirrors : mirrors.Select(mirror => new Uri(mirror, set.Name + "/"));

    private static void Replace(KnownSet set, string folder, KnownFile file)
    {
        string target = Path.Combine(folder, file.SentName);
        DiskGuard.Run(target, () =>
        {
            PartFile.Finish(target);
            // A damaged file under another spelling could be found first.
            foreach (string other in set.Format.Spellings(folder, file.Name))
                if (other != target) File.Delete(other);
        });
    }

    private HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = Patience }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new("lottery", typeof(DataDownload).Assembly.GetName().Version?.ToString(3)));
        return client;
    }

    internal static Uri Mirror(string address) =>
        Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? mirror) && mirror.Scheme is "http" or "https"
            ? mirror
            : throw new UserException($"LOTTERY_MIRROR is '{address}'; set it to an address that begins with http:// or https://.");
}
