using Lottery.Data.Formats;

namespace Lottery.Data;

/// <summary>
/// Finds data sets. The search order is <c>$LOTTERY_DATA/SET</c>, the cache (<c>$XDG_CACHE_HOME/lottery/SET</c>,
/// by default <c>~/.cache/lottery/SET</c>), then Debian's packages. The first folder that holds any of the set's
/// files is used; if files are missing or damaged there, that is an error, and the search does not continue.
/// </summary>
/// <param name="DataRoot">The folder of <c>$LOTTERY_DATA</c>; null if not set.</param>
/// <param name="CacheRoot">The folder of downloaded sets.</param>
/// <param name="SystemRoot">The folder of sets installed by packages.</param>
internal sealed record DatasetLocator(string? DataRoot, string CacheRoot, string SystemRoot)
{
    /// <summary>The locator of the current environment variables.</summary>
    public static DatasetLocator FromEnvironment()
    {
        string? data = Environment.GetEnvironmentVariable("LOTTERY_DATA");
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(cache ?? ""))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new(string.IsNullOrEmpty(data) ? null : data, Path.Combine(cache!, "lottery"), "/usr/share/datasets");
    }

    /// <summary>
    /// The location of a known set, or of a folder. A known name is never treated as a path: write <c>./mnist</c> for that.
    /// </summary>
    /// <exception cref="UserException">It was not found; the message names the folders searched and how to get the set.</exception>
    public DataLocation Locate(string nameOrPath)
    {
        if (KnownSet.Find(nameOrPath) is { } set) return Find(set) ?? throw NotFound(set);
        if (Directory.Exists(nameOrPath)) return new(DataOrigin.Path, FolderFormat.Within(nameOrPath) ?? nameOrPath, null);
        if (File.Exists(nameOrPath))
            throw new UserException($"{nameOrPath} is a file; give the folder that holds the set's files.");
        if (nameOrPath.AsSpan().IndexOfAny('/', '\\') >= 0)
            throw new UserException($"There is no folder {nameOrPath}; give the folder of a data set or its name.");
        throw KnownSet.Unknown(nameOrPath);
    }

    /// <summary>The first location that holds any file of a known set, or null.</summary>
    public DataLocation? Find(KnownSet set) => Locations(set).FirstOrDefault(location => set.Format.HoldsAny(location.Folder));

    /// <summary>The cache folder to which a set is downloaded.</summary>
    public string CacheFolder(KnownSet set) => Path.Combine(CacheRoot, set.Name);

    /// <summary>The folders of a set, each followed by its subfolder with the name in the set's archive.</summary>
    private IEnumerable<DataLocation> Locations(KnownSet set) => set.Format.Subfolder is { } inside
        ? Roots(set).SelectMany(location => (DataLocation[])[location, location with { Folder = Path.Combine(location.Folder, inside) }])
        : Roots(set);

    private IEnumerable<DataLocation> Roots(KnownSet set)
    {
        if (DataRoot is not null) yield return new(DataOrigin.Environment, Path.Combine(DataRoot, set.Name), set);
        yield return new(DataOrigin.Cache, CacheFolder(set), set);
        if (set.Package is not null) yield return new(DataOrigin.System, Path.Combine(SystemRoot, set.Name), set);
    }

    private UserException NotFound(KnownSet set)
    {
        string unset = DataRoot is null ? " (LOTTERY_DATA is not set)" : "";
        return new($"{set.Title} was not found: Lottery looked in {string.Join(", ", Roots(set).Select(location => location.Folder))}{unset}; "
            + $"`lottery data get {set.Name}` downloads it{set.OrInstall}.");
    }
}
