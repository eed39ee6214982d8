namespace Lottery.Data;

/// <summary>
/// Where data sets lie. A set is looked for in <c>$LOTTERY_DATA/SET</c>, in the cache (<c>$XDG_CACHE_HOME/lottery/SET</c>,
/// by default <c>~/.cache/lottery/SET</c>) and where Debian's packages put it. The first folder that holds any of the
/// set's files counts: files missing there, or damaged, are an error and not a reason to look on.
/// </summary>
/// <param name="DataRoot">The folder that <c>$LOTTERY_DATA</c> names, if it is set.</param>
/// <param name="CacheRoot">The folder of the sets that were downloaded.</param>
/// <param name="SystemRoot">The folder of the sets that packages install.</param>
public sealed record DatasetLocator(string? DataRoot, string CacheRoot, string SystemRoot)
{
    /// <summary>The places that the environment names now.</summary>
    public static DatasetLocator FromEnvironment()
    {
        string? data = Environment.GetEnvironmentVariable("LOTTERY_DATA");
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(cache ?? ""))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new(string.IsNullOrEmpty(data) ? null : data, Path.Combine(cache!, "lottery"), "/usr/share/datasets");
    }

    /// <summary>
    /// The place of a known set, or of a path to a folder. A known name is never taken for a path: write <c>./mnist</c>.
    /// </summary>
    /// <exception cref="UserException">It is nowhere; the sentence says where it was looked for and how to get it.</exception>
    public DataPlace Locate(string nameOrPath)
    {
        if (KnownSet.Find(nameOrPath) is { } set) return Find(set) ?? throw NotFound(set);
        if (Directory.Exists(nameOrPath)) return new(DataOrigin.Path, FolderFormat.Within(nameOrPath) ?? nameOrPath, null);
        if (File.Exists(nameOrPath))
            throw new UserException($"{nameOrPath} is a file; give the folder that holds the set's files.");
        if (nameOrPath.AsSpan().IndexOfAny('/', '\\') >= 0)
            throw new UserException($"There is no folder {nameOrPath}; give the folder of a data set or its name.");
        throw KnownSet.Unknown(nameOrPath);
    }

    /// <summary>The first place that holds any file of a known set, or null.</summary>
    public DataPlace? Find(KnownSet set) => Places(set).FirstOrDefault(place => set.Format.HoldsAny(place.Folder));

    /// <summary>The folder in the cache that a set is downloaded to.</summary>
    public string CacheFolder(KnownSet set) => Path.Combine(CacheRoot, set.Name);

    /// <summary>The folders of a set, each followed by the one in it that the set's unpacked archive makes.</summary>
    private IEnumerable<DataPlace> Places(KnownSet set) => set.Format.Subfolder is { } inside
        ? Roots(set).SelectMany(place => (DataPlace[])[place, place with { Folder = Path.Combine(place.Folder, inside) }])
        : Roots(set);

    private IEnumerable<DataPlace> Roots(KnownSet set)
    {
        if (DataRoot is not null) yield return new(DataOrigin.Environment, Path.Combine(DataRoot, set.Name), set);
        yield return new(DataOrigin.Cache, CacheFolder(set), set);
        if (set.Package is not null) yield return new(DataOrigin.System, Path.Combine(SystemRoot, set.Name), set);
    }

    private UserException NotFound(KnownSet set)
    {
        string unset = DataRoot is null ? " (LOTTERY_DATA is not set)" : "";
        return new($"{set.Title} was looked for in {string.Join(", ", Roots(set).Select(place => place.Folder))}{unset} "
            + $"and is in none of them; `lottery data get {set.Name}` downloads it{set.OrInstall}.");
    }
}
