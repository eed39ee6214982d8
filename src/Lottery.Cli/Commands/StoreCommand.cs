using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>A verb that works on a store.</summary>
internal abstract class StoreCommand(string name, string description, string example, Terminal terminal)
    : Verb(name, description, example, terminal)
{
    /// <summary>The store that is asked for.</summary>
    protected RunStore Open(ParseResult parsed) => new(parsed.GetValue(Common.Store)!) { Warn = Terminal.Say };

    /// <summary>The ids that begin as the words given do.</summary>
    /// <exception cref="UserException">A word fits none, or several.</exception>
    protected static string[] Resolve(RunStore store, IEnumerable<string>? words) => [.. (words ?? []).Select(store.Resolve).Distinct()];
}
