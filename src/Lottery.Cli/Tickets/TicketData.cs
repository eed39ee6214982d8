using System.CommandLine;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>The examples that tickets are measured on.</summary>
internal static class TicketData
{
    /// <summary>Where the examples of a run lie, if not where they are looked for.</summary>
    public static Option<string?> Option(string description) => new("--data") { Description = description, HelpName = "NAME|PATH" };

    /// <summary>The examples that a run was trained on, scaled as they were then.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">What its data are called.</param>
    /// <param name="given">What somebody named instead, or null.</param>
    /// <exception cref="UserException">They are not here, or are others.</exception>
    public static Dataset Of(RunResult run, string name, string? given)
    {
        DataSpecification told = run.Specification.Data;
        if (given is null && KnownSet.Find(name) is null)
            throw new UserException($"Run {RunIdentity.Short(RunIdentity.Of(run.Specification))} was trained on {name}, whose place nobody knows: name it with --data.");
        Dataset data = DataSource.Load(given ?? name);
        return data.Sha256 == told.Sha256 ? data.Split(told.Validation, told.SplitSeed, told.Scale).Dataset
            : throw new UserException($"{given ?? name} has other examples than those that the run was trained on ({name}, {RunIdentity.Short(told.Sha256)}…): name these with --data.");
    }

    /// <summary>The examples that a ticket was measured on; null where they are not here and nobody named them.</summary>
    /// <exception cref="UserException">Those named are others, or damaged.</exception>
    public static Dataset? Of(Ticket ticket, string? given)
    {
        Provenance told = ticket.Provenance;
        if (given is null && (told.Data is null || KnownSet.Find(told.Data) is not { } set || DatasetLocator.FromEnvironment().Find(set) is null))
            return null;
        Dataset data = DataSource.Load(given ?? told.Data!);
        if (told.DataSha256 is { } digits && !data.Sha256.StartsWith(digits, StringComparison.Ordinal))
            throw new UserException($"{given ?? told.Data} has other examples than those that the ticket was measured on ({told.Data}, {RunIdentity.Short(digits)}…): "
                + "name these with --data, or measure it on others with `lottery ticket eval`.");
        return data;
    }
}
