using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>A command that does something by itself, as opposed to one that only groups subcommands.</summary>
internal abstract class LotteryCommand : Command
{
    protected LotteryCommand(string name, string description, string example, Terminal terminal) : base(name, description)
    {
        (Example, Terminal) = (example, terminal);
        SetAction(Run);
    }

    /// <summary>A command line that shows what it is for; the last line of its help.</summary>
    public string Example { get; }

    protected Terminal Terminal { get; }

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult parsed);

    /// <summary>Writes the one document of <c>--json</c> to standard output.</summary>
    protected void Write(JsonNode document) => Terminal.WriteLine(Json.Text(document));

    /// <summary>Writes lines of the result.</summary>
    protected void Write(IEnumerable<string> lines)
    {
        foreach (string line in lines) Terminal.WriteLine(line);
    }

    /// <summary>Writes a table that fits the screen, and says which columns do not.</summary>
    protected void Write(TextTable table)
    {
        TextTable shown = table.With(Terminal.Hints.In);
        Write(shown.Lines(Terminal.Width));
        if (shown.LeftOut(Terminal.Width) is { } note) Terminal.Say(note);
    }

    /// <summary>Writes a sentence: wrapped on a screen, one line elsewhere.</summary>
    protected void Write(string sentence) => Write(TextTable.Sentence(Terminal.Hints.In(sentence), Terminal.Width));
}

/// <summary>A command that works on a store.</summary>
internal abstract class StoreCommand : LotteryCommand
{
    protected StoreCommand(string name, string description, string example, Terminal terminal) : base(name, description, example, terminal) =>
        Add(Common.Store());

    /// <summary>The store that <c>--store</c> names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="warn">Receives a sentence for each run that is left out; null to print it.</param>
    /// <exception cref="UserException">There is none.</exception>
    protected RunStore Open(ParseResult parsed, Action<string>? warn = null)
    {
        RunStore store = OpenOrNew(parsed, warn);
        store.RequireExisting();
        return store;
    }

    /// <summary>The store that <c>--store</c> names, or the folder where one can be created.</summary>
    /// <exception cref="UserException">The folder is something else.</exception>
    protected RunStore OpenOrNew(ParseResult parsed, Action<string>? warn = null) => new(Common.StoreOf(parsed)) { Warn = warn ?? Terminal.SayOnce, Say = Terminal.SayOnce };

    /// <summary>The ids that begin with the given prefixes.</summary>
    /// <exception cref="UserException">A prefix matches no run, or several.</exception>
    protected static string[] Resolve(RunStore store, IEnumerable<string>? prefixes) => [.. (prefixes ?? []).Select(store.Resolve).Distinct()];
}
