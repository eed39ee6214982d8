namespace Lottery.Census;

/// <summary>The text files of a checked-out tree; paths are relative to its root, with forward slashes.</summary>
internal sealed class SourceTree(string root)
{
    private static readonly string[] TextEndings =
        [".cs", ".md", ".py", ".sh", ".yaml", ".yml", ".json", ".js", ".css", ".csproj", ".props", ".targets", ".proto", ".txt", ".cff"];

    private readonly Dictionary<string, string> _texts = [];

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The C# files below src.</summary>
    public IEnumerable<string> Sources => Files("src", ".cs");

    /// <summary>The text files below a folder, or the folder itself if it is a file; empty if it does not exist.</summary>
    public IEnumerable<string> Texts(string folder) =>
        File.Exists(Path.Combine(Root, folder)) ? [folder] : Files(folder, "").Where(file => TextEndings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)));

    public IEnumerable<string> Files(string folder, string ending)
    {
        string path = Path.Combine(Root, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*" + ending, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "results" or "__pycache__"))
                .Order(StringComparer.Ordinal)
            : [];
    }

    public string Read(string file)
    {
        if (!_texts.TryGetValue(file, out string? text)) _texts[file] = text = File.ReadAllText(Path.Combine(Root, file));
        return text;
    }

    public int Lines(string file)
    {
        string text = Read(file);
        return text.Count(character => character == '\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);
    }

    /// <summary>The C# files of each folder below src, with their number.</summary>
    public IEnumerable<(string Folder, int Files)> Folders() =>
        Sources.GroupBy(file => file[..file.LastIndexOf('/')]).Select(folder => (folder.Key, folder.Count()));
}
