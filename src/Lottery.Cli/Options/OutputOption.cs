using System.CommandLine;
using Lottery.Cli.Output;

namespace Lottery.Cli.Options;

/// <summary>A file or folder to write; what exists is replaced only with <c>--force</c>.</summary>
internal sealed class OutputOption
{
    private readonly Option<string?> _path;

    private readonly Option<bool> _force = new("--force") { Description = "Replace existing files." };

    /// <param name="description">A sentence for the help.</param>
    /// <param name="required">Whether there is no default name.</param>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What the help calls the value.</param>
    public OutputOption(string description, bool required = false, string name = "--output", string valueName = "FILE")
    {
        _path = name == "--output" ? new(name, "-o") : new(name);
        (_path.Description, _path.Required, _path.HelpName) = (description, required, valueName);
    }

    /// <summary>The option and <c>--force</c>.</summary>
    public IEnumerable<Option> All => [_path, _force];

    /// <summary>Its name in sentences.</summary>
    public string Name => _path.Aliases.FirstOrDefault() ?? _path.Name;

    /// <summary>The value; null where none is given.</summary>
    public string? ValueOf(ParseResult parsed) => parsed.GetValue(_path);

    /// <summary>Whether existing files may be replaced.</summary>
    public bool IsForced(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>The path of a file, checked to be free before any work is done.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="standard">The name where none is given.</param>
    /// <exception cref="UserException">It cannot be written there, or something is there that shall not be replaced.</exception>
    public string FileOf(ParseResult parsed, string? standard = null)
    {
        string path = ValueOf(parsed) ?? standard!;
        OutputFile.RequireFree(path, Name, IsForced(parsed));
        return path;
    }

    /// <summary>Writes the file: afterwards the old one is there or the new one, whole.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Write(string path, byte[] content) => OutputFile.Write(path, content, Name);

    /// <summary>Writes files into the folder.</summary>
    /// <inheritdoc cref="OutputFile.WriteAll"/>
    public IReadOnlyList<string> WriteAll(ParseResult parsed, string folder, IEnumerable<(string Name, byte[] Content)> files) =>
        OutputFile.WriteAll(folder, files, Name, IsForced(parsed));
}
