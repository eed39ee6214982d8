using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>A sign of life from a run under way.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Latest">The newest evaluation.</param>
public sealed record RunProgress(RunSpecification Run, int Step, Evaluation? Latest);
