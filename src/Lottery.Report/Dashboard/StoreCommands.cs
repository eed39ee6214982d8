using Lottery.Report.Sections;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>The commands that pages name, as they are typed on the machine that serves them.</summary>
/// <param name="Program">How the program is called.</param>
/// <param name="Store">The folder of the store.</param>
internal sealed record StoreCommands(string Program, string Store)
{
    private const string Canonical = "lottery ";

    /// <summary>A first search.</summary>
    public string Quickstart => With("quickstart");

    /// <summary>Removes what interrupted runs left.</summary>
    public string Discard(IEnumerable<string> ids) => With(["runs", "discard", .. ids.Select(RunIdentity.Short)]);

    /// <summary>Writes the report of a study, or of all runs.</summary>
    public string Report(string? study) => With(["report", .. study is null ? [] : (string[])[study], "-o", "report.html"]);

    /// <summary>Trains a run once more, with those that it comes from; null if only a study file can state it.</summary>
    public string? Repeat(RunSummary run) => RepeatCommand.Of(run) is { } command ? Called(command) : null;

    /// <summary>A command that begins with <c>lottery</c>, as the program is called.</summary>
    public string Called(string command) => command.StartsWith(Canonical, StringComparison.Ordinal) ? $"{Program} {command[Canonical.Length..]}" : command;

    private string With(params string[] words) => $"{Program} {ShellCommand.Write([.. words, "--store", Store])}";
}
