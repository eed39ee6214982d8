using System.CommandLine;
using Lottery.Cli.Output;

namespace Lottery.Cli.Options;

/// <summary>A file to write; an existing one is replaced only with <c>--force</c>.</summary>
internal sealed class OutputOption
{
    private readonly Option<string?> _path = new("--output", "-o") { HelpName = "FILE" };

    private readonly Option<bool> _force = new("--force") { Description = "Replace an existing file." };

    /// <param name="description">A sentence for the help.</param>
    /// <param name="required">Whether there is no default name.</param>
    public OutputOption(string description, bool required = false) => (_path.Description, _path.Required) = (description, required);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_path, _force];

    /// <summary>The path, checked to be free before any work is done.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="standard">The name where none is given.</param>
    /// <exception cref="UserException">Something is there that shall not be replaced.</exception>
    public string Of(ParseResult parsed, string? standard = null)
    {
        string path = parsed.GetValue(_path) ?? standard!;
        return File.Exists(path) && !parsed.GetValue(_force)
            ? throw new UserException($"{path} exists already; name another file with -o, or replace it with --force.") : path;
    }

    /// <summary>Writes it: afterwards the old file is there or the new one, whole.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static void Write(string path, byte[] content) => OutputFile.Write(path, content);
}
