using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>The state of a task of an executor. The result of a finished run is in the store.</summary>
/// <param name="Run">The run.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">Whether it is active, or how it ended.</param>
/// <param name="Failure">The exception of a failed run; else null.</param>
internal sealed record RunOutcome(RunSpecification Run, string Id, RunState State, Exception? Failure)
{
    /// <summary>The result, when a run is reported that this process finished; null in lists of outcomes, which would keep all tensors.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Of a skipped run, the one that it comes from and that failed; else null.</summary>
    public RunOutcome? Cause { get; init; }
}

/// <summary>Whether a task is active, or how it ended.</summary>
internal enum RunState
{
    /// <summary>It was interrupted by a cancellation, or had not begun.</summary>
    Cancelled,

    /// <summary>It has begun.</summary>
    Active,

    /// <summary>It is finished.</summary>
    Finished,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>A run that it descends from failed.</summary>
    Skipped,
}
