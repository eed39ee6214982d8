using System.CommandLine;

namespace Lottery.Cli.Options;

/// <summary>An option whose value the library looks up by a name, which may hold more than a name.</summary>
internal sealed class NamedOption<T> : Option<string>
{
    private readonly Func<string, T> _get;

    /// <param name="name">With its dashes.</param>
    /// <param name="helpName">What the help calls the value.</param>
    /// <param name="description">A sentence for the help.</param>
    /// <param name="standard">The name that counts where none is given.</param>
    /// <param name="get">Looks a name up, or throws what to tell the user.</param>
    public NamedOption(string name, string helpName, string description, string standard, Func<string, T> get)
        : base(name)
    {
        _get = get;
        Description = description;
        HelpName = helpName;
        DefaultValueFactory = _ => standard;
    }

    /// <summary>What was named.</summary>
    /// <exception cref="UserException">Nothing is called that.</exception>
    public T Of(ParseResult parsed) => _get(parsed.GetValue(this)!);
}
