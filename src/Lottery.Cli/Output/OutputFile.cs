using Lottery.Files;
using Lottery.Studies.Store;

namespace Lottery.Cli.Output;

/// <summary>
/// Writes the files that a command creates. What is there already is replaced only where that is asked for; a device, a folder and
/// the files of a store never are.
/// </summary>
internal static class OutputFile
{
    /// <summary>Checks, before any work is done, that a file can be written there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="force">Whether an existing file may be replaced.</param>
    /// <exception cref="UserException">Its folder does not exist, or something is there that shall not be replaced.</exception>
    public static void RequireFree(string path, string option, bool force)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (FileKinds.Of(path) is FileKind.Folder) throw new UserException($"{path} is a folder: name a file with {option}.");
        if (!Directory.Exists(folder)) throw new UserException($"{path} cannot be written: there is no folder {folder}; create it, or name another file with {option}.");
        RequireOutsideStores(path, option);
        RequireReplaceable(path, option, force);
    }

    /// <summary>Checks that a file or folder is in no store, which holds only its own files.</summary>
    /// <exception cref="UserException">It is in one.</exception>
    public static void RequireOutsideStores(string path, string option)
    {
        for (string? folder = Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(new StorePaths(folder).StoreFile))
                throw new UserException($"{option} {path} is inside the store {folder}, which holds only its own files: name another folder.");
    }

    /// <summary>Writes a file for which <see cref="RequireFree"/> has passed; it is there whole or not at all.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static void Write(string path, byte[] content, string option = "-o")
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, option, refusal);
        }
    }

    /// <summary>Writes files into a folder, which is created if its parent exists.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The files.</param>
    /// <param name="option">The option that names the folder.</param>
    /// <param name="force">Whether existing files may be replaced.</param>
    /// <exception cref="UserException">They cannot be written, or one exists; then none is written.</exception>
    public static IReadOnlyList<string> WriteAll(string folder, IEnumerable<(string Name, byte[] Content)> files, string option, bool force)
    {
        RequireFolder(folder, option);
        (string Path, byte[] Content)[] all = [.. files.Select(file => (Path.Combine(folder, file.Name), file.Content))];
        foreach ((string path, _) in all) RequireReplaceable(path, option, force);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw Refused(folder, option, refusal);
        }
        foreach ((string path, byte[] content) in all) Write(path, content, option);
        return [.. all.Select(file => file.Path)];
    }

    /// <summary>Checks, before any work is done, that files can be written into a folder.</summary>
    /// <exception cref="UserException">It is no folder, is in a store, or its parent does not exist.</exception>
    public static void RequireFolder(string folder, string option)
    {
        if (File.Exists(folder)) throw new UserException($"{folder} is a file, and several files are to be written: name a folder with {option}.");
        string parent = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder))) ?? folder;
        if (!Directory.Exists(parent)) throw new UserException($"{folder} cannot be created: there is no folder {parent}; create it, or name another with {option}.");
        RequireOutsideStores(folder, option);
    }

    private static void RequireReplaceable(string path, string option, bool force)
    {
        FileKind kind = FileKinds.Of(path);
        if (kind is FileKind.Special or FileKind.Folder)
            throw new UserException($"{path} is a {(kind is FileKind.Folder ? "folder" : "device or a pipe")}, not a file: name another with {option}.");
        if (File.Exists(path) && !force)
            throw new UserException($"{path} exists already; name another path with {option}, or replace it with --force.");
    }

    private static WorkFailedException Refused(string path, string option, Exception refusal) => new(
        $"{path} could not be written ({refusal.Message.TrimEnd('.')}): free some space or name another path with {option}.", refusal);
}
