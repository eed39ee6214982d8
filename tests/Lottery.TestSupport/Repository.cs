namespace Lottery.TestSupport;

/// <summary>The checked-out tree that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Lottery.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The file or folder at a path given from the root, with forward slashes.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>The text of a file given from the root.</summary>
    public static string Read(string path) => File.ReadAllText(At(path));

    /// <summary>The files below a folder whose names end in <paramref name="ending"/>, as paths from the root.</summary>
    public static IEnumerable<string> Files(string folder, string ending) =>
        Directory.EnumerateFiles(At(folder), "*" + ending, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "results" or "__pycache__"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lottery.slnx"))) folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Lottery.slnx.");
    }
}
