using System.Text;
using System.Text.Json.Nodes;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store;

/// <summary>Whether a folder is a store that this version knows, or may become one.</summary>
internal static class StoreFormat
{
    private const int MostOfStoreFile = 1_000;

    /// <summary>Checks that a store is of the format that this version knows.</summary>
    /// <exception cref="UserException">It is not.</exception>
    public static void Require(StorePaths paths)
    {
        string text;
        try
        {
            text = StoreErrors.Guard(paths.StoreFile, () => Encoding.UTF8.GetString(RegularFile.Read(paths.StoreFile, MostOfStoreFile))).Trim();
        }
        catch (InvalidDataException wrong)
        {
            throw StoreErrors.NotAStore(paths.Root, $"of its store.json, {wrong.Message}");
        }
        if (text != $"{{\"format\": {RunStore.Format}}}") throw StoreErrors.OtherFormat(paths.StoreFile, FormatOf(text), RunStore.Format);
    }

    /// <summary>Checks that a store can be created here without touching what belongs to others.</summary>
    /// <exception cref="UserException">It is a file, or a folder of other files.</exception>
    public static void RequireVacant(StorePaths paths)
    {
        if (File.Exists(paths.Root)) throw StoreErrors.NotAStore(paths.Root, "it is a file");
        if (!Directory.Exists(paths.Root)) return;
        // Another process may be creating the store at this moment: it writes these first.
        string[] own = [.. new[] { paths.LockFile, paths.OldLockFile, paths.StoreFile }.Select(file => Path.GetFileName(file))];
        string? other = StoreErrors.Guard(paths.Root, () => Directory.EnumerateFileSystemEntries(paths.Root).Select(entry => Path.GetFileName(entry))
            .FirstOrDefault(entry => !StoreProbe.IsProbe(entry) && !own.Any(name => DurableFile.IsNameOf(entry, name))));
        if (other is null || File.Exists(paths.StoreFile)) return;
        throw StoreErrors.NotAStore(paths.Root, $"it has no store.json, but other files ({other})"
            + (Directory.Exists(paths.Runs) && Directory.Exists(paths.Active) ? $"; if its store.json was lost, write {{\"format\": {RunStore.Format}}} into a new one" : ""));
    }

    private static string FormatOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["format"]?.ToJsonString() ?? text;
        }
        catch (Exception unreadable) when (RunFile.IsMalformed(unreadable))
        {
            return text;
        }
    }
}
