using System.CommandLine;
using System.Text.RegularExpressions;
using Lottery.Cli.Options;

namespace Lottery.Cli.Output;

/// <summary>
/// Makes the commands in help, advice and errors ones that can be pasted: with the program's name as it was called, and
/// with the store that the command at hand uses. Messages say <c>`lottery runs list`</c>, and this puts the rest in.
/// </summary>
/// <param name="program">How the program was called, as in <c>./lottery</c>.</param>
internal sealed partial class Hints(string program = Hints.Canonical)
{
    /// <summary>The variable by which a launcher passes on how it was called.</summary>
    public const string Variable = "LOTTERY_PROGRAM";

    /// <summary>What the sources call the program.</summary>
    public const string Canonical = "lottery";

    private Command? _root;
    private string? _store;

    /// <summary>How the program was called.</summary>
    public string Program { get; } = program;

    /// <summary>The hints of this process: by the launcher's word, or by the file that was started.</summary>
    public static Hints OfProcess() => new(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } called ? Quoted(called) : Started(Environment.ProcessPath, Environment.GetCommandLineArgs()[0]));

    /// <summary>From now on hints name the store that <paramref name="parsed"/> names, unless that is the usual one.</summary>
    public void Use(ParseResult parsed)
    {
        _root = parsed.RootCommandResult.Command;
        _store = Common.FindStore(parsed.CommandResult.Command) is { } option && Common.IsGiven(option, parsed) ? parsed.GetValue(option) : null;
    }

    /// <summary>A command line, from <c>lottery runs list</c>.</summary>
    public string Line(string command)
    {
        string arguments = command[Canonical.Length..];
        string store = _store is not null && TakesStore(arguments) ? $" --store {Quoted(_store)}" : "";
        return $"{Program}{arguments}{store}";
    }

    /// <summary>A sentence whose commands in back quotes can be pasted.</summary>
    public string In(string sentence) => Command().Replace(sentence, match => $"`{Line(match.Groups["command"].Value)}`");

    /// <summary>An argument as shells take it.</summary>
    public static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(letter => char.IsLetterOrDigit(letter) || "-_./:=,+@%^~\\".Contains(letter, StringComparison.Ordinal)) ? argument
        : OperatingSystem.IsWindows() ? $"\"{argument}\"" : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The name by which a program was started without a launcher.</summary>
    /// <param name="process">The process's file: an installed tool's, the program's own, or .NET's.</param>
    /// <param name="assembly">The program's assembly.</param>
    internal static string Started(string? process, string assembly) => Path.GetFileNameWithoutExtension(process) switch
    {
        Canonical => Canonical,
        "dotnet" or null => $"dotnet {Quoted(FromHere(assembly))}",
        _ => Quoted(FromHere(process!)),
    };

    /// <summary>A path as short as it can be from the current folder.</summary>
    private static string FromHere(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        if (relative.StartsWith("..", StringComparison.Ordinal)) return path;
        return relative.AsSpan().IndexOfAny('/', '\\') < 0 ? Path.Combine(".", relative) : relative;
    }

    private bool TakesStore(string arguments)
    {
        if (arguments.Contains(" --store ", StringComparison.Ordinal) || _root is null) return false;
        Command command = _root;
        foreach (string word in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (command.Subcommands.FirstOrDefault(one => one.Name == word) is not { } next) break;
            command = next;
        }
        return Common.FindStore(command) is not null && !arguments.EndsWith(" --help", StringComparison.Ordinal);
    }

    [GeneratedRegex("[`'](?<command>lottery(?: [^`']*)?)[`']", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}
