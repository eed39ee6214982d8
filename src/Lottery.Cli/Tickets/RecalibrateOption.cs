using System.CommandLine;
using Lottery.Training;

namespace Lottery.Cli.Tickets;

/// <summary>The option that estimates the statistics of batch normalizations anew.</summary>
internal sealed class RecalibrateOption
{
    /// <param name="what">What it does: the beginning of a sentence for the help.</param>
    public RecalibrateOption(string what) => Option = new("--recalibrate")
    {
        Description = $"{what} from N batches of {BatchStatistics.Batch} training images.",
        HelpName = "N",
    };

    /// <summary>The option.</summary>
    public Option<int?> Option { get; }

    /// <summary>The number of batches; null if the option is not given.</summary>
    /// <exception cref="UserException">It is less than 1.</exception>
    public int? Of(ParseResult parsed) => parsed.GetValue(Option) is not { } batches ? null
        : batches >= 1 ? batches : throw new UserException($"--recalibrate is {batches}, but must be an integer of at least 1.");
}
