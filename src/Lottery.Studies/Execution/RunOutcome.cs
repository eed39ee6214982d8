using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>How a task of an executor ended. The result of a finished run is in the store.</summary>
/// <param name="Run">The run.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">How it ended.</param>
/// <param name="Failure">The exception of a failed run; else null.</param>
internal sealed record RunOutcome(RunSpecification Run, string Id, RunState State, Exception? Failure);

/// <summary>How a task ended.</summary>
internal enum RunState
{
    /// <summary>It was interrupted by a cancellation, or had not begun.</summary>
    Cancelled,

    /// <summary>It is finished.</summary>
    Finished,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>A run that it descends from failed.</summary>
    Skipped,
}
