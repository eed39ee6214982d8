

namespace Lottery.Cli.Output;

/// <summary>Writes the files that a command creates.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file into an existing folder; an older file is replaced as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="option">The option that names the file.</param>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static void Write(string path, byte[] content, string option = "-o")
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new UserException($"{path} cannot be written: there is no folder {folder}; create it, or name another file with {option}.");
        if (Directory.Exists(path)) throw new UserException($"{path} is a folder: name a file with {option}.");
        Guard(path, option, () =>
        {
            string temporary = path + ".tmp";
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        });
    }

    /// <summary>Writes files into a folder, which is created if its parent exists.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The files.</param>
    /// <param name="option">The option that names the folder.</param>
    /// <exception cref="UserException">They cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(string folder, IEnumerable<(string Name, byte[] Content)> files, string option = "-o")
    {
        if (File.Exists(folder)) throw new UserException($"{folder} is a file, and several files are to be written: name a folder with {option}.");
        string parent = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder)))!;
        if (!Directory.Exists(parent)) throw new UserException($"{folder} cannot be created: there is no folder {parent}; create it, or name another with {option}.");
        Guard(folder, option, () => Directory.CreateDirectory(folder));
        var written = new List<string>();
        foreach ((string name, byte[] content) in files)
        {
            string path = Path.Combine(folder, name);
            Write(path, content, option);
            written.Add(path);
        }
        return written;
    }

    private static void Guard(string path, string option, Action write)
    {
        try
        {
            write();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{path} could not be written ({refusal.Message.TrimEnd('.')}): free some space or name another path with {option}.", refusal);
        }
    }
}
