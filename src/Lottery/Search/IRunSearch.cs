using System.Collections.Immutable;
using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>A search as the runs of its replicates, which an executor completes in any order and on any thread.</summary>
internal interface IRunSearch
{
    /// <summary>The runs of one replicate: each after its parent, controls after their ticket.</summary>
    /// <param name="seed">The seed of every random number.</param>
    /// <exception cref="UserException">The parts of the search contradict each other.</exception>
    ImmutableArray<RunSpecification> Plan(ulong seed);

    /// <summary>Completes one run of <see cref="Plan"/>, and before it the runs that it comes from. Safe to call from several threads.</summary>
    /// <param name="run">The run.</param>
    /// <param name="threads">Threads for a network with convolutions; the result is the same with any number.</param>
    /// <param name="cancellationToken">Stops within a step; finished runs and a checkpoint are kept.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    RunResult Complete(RunSpecification run, int threads = 1, CancellationToken cancellationToken = default);
}

/// <summary>The progress of a run that is training.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Latest">The newest evaluation; null before the first.</param>
public sealed record RunProgress(RunSpecification Run, int Step, Training.Evaluation? Latest);
