using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>A run to complete.</summary>
/// <param name="Run">The run.</param>
/// <param name="Complete">Completes it on so many threads, the calling one among them, or finds that it is finished.</param>
public sealed record RunTask(RunSpecification Run, Func<int, CancellationToken, RunResult> Complete)
{
    /// <summary>The runs of one replicate of <paramref name="search"/>.</summary>
    public static IEnumerable<RunTask> Of(TicketSearch search, ulong seed) =>
        search.Plan(seed).Select(run => new RunTask(run, (threads, cancellation) => search.Complete(run, cancellation, threads)));

    /// <summary>The one run of one replicate of <paramref name="search"/>.</summary>
    public static IEnumerable<RunTask> Of(SupermaskSearch search, ulong seed)
    {
        RunSpecification run = search.Plan(seed);
        yield return new(run, (threads, cancellation) => search.Complete(run, cancellation, threads));
    }
}
