using System.CommandLine;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>The data that tickets are measured on.</summary>
internal static class TicketData
{
    /// <summary>The option that names the data if they are not found by name.</summary>
    public static Option<string?> Option(string description) => new("--data") { Description = description, HelpName = "NAME|PATH" };

    /// <summary>The data that a run was trained on, with the same split and scaling.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">The name of its data.</param>
    /// <param name="given">The value of <c>--data</c>, or null.</param>
    /// <exception cref="UserException">They are not found, or their hash differs.</exception>
    public static Dataset Of(RunResult run, string name, string? given)
    {
        DataSpecification recorded = run.Specification.Data;
        if (given is null && KnownSet.Find(name) is null)
            throw new UserException($"Run {RunIdentity.Short(RunIdentity.Of(run.Specification))} was trained on {name}, whose folder is not recorded: name it with --data.");
        Dataset data = DataSource.Load(given ?? name);
        return data.Sha256 == recorded.Sha256 ? data.Split(recorded.Validation, run.Specification.SplitSeed, recorded.Scale).Dataset
            : throw new UserException($"{given ?? name} is not the data that the run was trained on ({name}, SHA-256 {RunIdentity.Short(recorded.Sha256)}…): name those with --data.");
    }

    /// <summary>The data that a ticket was measured on; null if they are not found and <c>--data</c> is not given.</summary>
    /// <exception cref="UserException">The named data have another hash, or are damaged.</exception>
    public static Dataset? Of(Ticket ticket, string? given)
    {
        Provenance recorded = ticket.Provenance;
        if (given is null && (recorded.Data is null || KnownSet.Find(recorded.Data) is not { } set || DatasetLocator.FromEnvironment().Find(set) is null))
            return null;
        Dataset data = DataSource.Load(given ?? recorded.Data!);
        if (recorded.DataSha256 is { } digits && !data.Sha256.StartsWith(digits, StringComparison.Ordinal))
            throw new UserException($"{given ?? recorded.Data} is not the data that the ticket was measured on ({recorded.Data}, SHA-256 {RunIdentity.Short(digits)}…): "
                + "name those with --data, or measure the ticket on other data with `lottery ticket eval`.");
        return data;
    }
}
