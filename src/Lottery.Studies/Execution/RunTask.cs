using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>A run to complete.</summary>
/// <param name="Run">The run.</param>
/// <param name="Search">The search that completes it, or finds that it is finished.</param>
internal sealed record RunTask(RunSpecification Run, IRunSearch Search)
{
    /// <summary>The runs of one replicate of <paramref name="search"/>.</summary>
    public static IEnumerable<RunTask> Of(IRunSearch search, ulong seed) => search.Plan(seed).Select(run => new RunTask(run, search));
}
