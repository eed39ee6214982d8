using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>What became of a run that was to be completed. Its result is in the store.</summary>
/// <param name="Run">The run.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">What became of it.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
public sealed record RunOutcome(RunSpecification Run, string Id, RunState State, Exception? Failure);

/// <summary>What became of a run.</summary>
public enum RunState
{
    /// <summary>Its turn did not come before the work was cancelled, or it was interrupted then.</summary>
    Cancelled,

    /// <summary>It is finished.</summary>
    Finished,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>A run that it comes from failed.</summary>
    Skipped,
}
