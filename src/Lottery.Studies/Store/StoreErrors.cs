namespace Lottery.Studies.Store;

/// <summary>Refusals of the file system, damaged files and other formats, each as one sentence.</summary>
internal static class StoreErrors
{
    private const int UnixNoSpace = 28, LinuxQuota = 122, MacQuota = 69, UnixReadOnly = 30;
    private const int UnixExists = 17, LinuxNotEmpty = 39, MacNotEmpty = 66, WindowsNotEmpty = unchecked((int)0x80070091);
    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Runs <paramref name="work"/> on a file; a refusal becomes a <see cref="UserException"/>.</summary>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, refusal, "choose another folder with --store");
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(string path, Action work) => Guard(path, () =>
    {
        work();
        return true;
    });

    /// <summary>True where a folder was not removed because something is in it.</summary>
    public static bool IsNotEmpty(IOException refusal) => OperatingSystem.IsWindows()
        ? refusal.HResult == WindowsNotEmpty
        : refusal.HResult == UnixExists || refusal.HResult == (OperatingSystem.IsMacOS() ? MacNotEmpty : LinuxNotEmpty);

    /// <summary>A file of a run whose content is not what was written.</summary>
    public static UserException Damaged(string path, string what, Exception? inner = null) => new(
        $"{path} is damaged: {what}; `lottery runs rm {RunOf(path)}` removes the run, so that it can be trained again.", inner);

    /// <summary>A file of a run whose content is not known to this version.</summary>
    public static UserException Unknown(string path, string what, Exception inner) => new(
        $"{path} cannot be read: {what}; use the version of lottery that wrote it, or remove the run by `lottery runs rm {RunOf(path)}`.", inner);

    /// <summary>A folder that is no store.</summary>
    public static UserException NotAStore(string folder, string why) => new(
        $"{folder} is not a store: {why}; name the folder of a store with --store.");

    /// <summary>A file that another version of lottery wrote.</summary>
    /// <param name="path">The file, or <c>store.json</c> for a whole store.</param>
    /// <param name="found">Its format.</param>
    /// <param name="known">The format that this version reads.</param>
    public static UserException OtherFormat(string path, object found, int known) => new(
        $"{path} has the format {found}, and this version of lottery uses format {known}: "
        + "use the version that wrote it, or choose another folder with --store.");

    /// <summary>The sentence for a refusal; <paramref name="remedy"/> is what to do unless the disk is full.</summary>
    public static UserException Explain(string path, Exception refusal, string remedy)
    {
        if (IsFull(refusal.HResult))
            return new WorkFailedException($"The disk is full, {path} could not be written; free some space and start again; nothing is lost.", refusal);
        string why = refusal switch
        {
            _ when refusal.HResult == UnixReadOnly => "the file system is read-only",
            UnauthorizedAccessException => "permission was denied",
            FileNotFoundException or DirectoryNotFoundException => "it does not exist",
            _ => refusal.Message.TrimEnd('.'),
        };
        return new($"{path} could not be used: {why}; {remedy}.", refusal);
    }

    private static string RunOf(string path) => Identity.RunIdentity.Short(Path.GetFileName(Path.GetDirectoryName(path)) ?? "ID");

    private static bool IsFull(int code) => OperatingSystem.IsWindows()
        ? code is WindowsDiskFull or WindowsHandleDiskFull
        : code == UnixNoSpace || code == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);
}
