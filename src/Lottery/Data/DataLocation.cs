namespace Lottery.Data;

/// <summary>A folder in which a data set was found.</summary>
/// <param name="Origin">Why it was looked at.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Set">The set it should hold; null for a user's own.</param>
internal sealed record DataLocation(DataOrigin Origin, string Folder, KnownSet? Set)
{
    /// <summary>What the set is called: its own name, or the folder's.</summary>
    public string Name => Set?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>What to do if its files are damaged or missing: the end of a sentence, without a full stop.</summary>
    /// <param name="files">The kind of files, such as <c>idx files</c>.</param>
    internal string Advice(string files) => Origin switch
    {
        DataOrigin.Cache => $"`lottery data get {Name}` fetches it again",
        DataOrigin.System => $"`apt-get install --reinstall {Set?.Package}` restores it",
        DataOrigin.Environment =>
            $"put a complete copy there, or unset LOTTERY_DATA and run `lottery data get {Name}`",
        _ => $"give a folder with images and labels for training and testing as complete {files}",
    };
}

/// <summary>The kinds of location of a data set, in search order.</summary>
internal enum DataOrigin
{
    /// <summary>A path given by the user.</summary>
    Path,

    /// <summary>The folder with the set's name in <c>$LOTTERY_DATA</c>.</summary>
    Environment,

    /// <summary>The user's cache, into which sets are downloaded.</summary>
    Cache,

    /// <summary>A package of the operating system.</summary>
    System,
}
