using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>Where runs are kept, so that none is trained twice and an interrupted one resumes. Safe for several threads.</summary>
public interface IRunStore
{
    /// <summary>The finished run, or null.</summary>
    RunResult? Find(RunSpecification run);

    /// <summary>
    /// Claims a run that is not finished; waits while another thread or process holds it. The session says whether it
    /// was finished meanwhile.
    /// </summary>
    IRunSession Begin(RunSpecification run, CancellationToken cancellationToken);

    /// <summary>The weights of a dense run at one of its steps, which late rewinding begins with; null where they are not kept.</summary>
    Weights? FindSnapshot(RunSpecification dense, int step);

    /// <summary>Keeps the weights of a dense run at one of its steps, before the run goes on.</summary>
    void KeepSnapshot(RunSpecification dense, int step, Weights weights);

    /// <summary>
    /// Claims the training of a dense run to a step at which its weights are not kept; waits while another thread or process
    /// holds it. The session says whether they are kept meanwhile.
    /// </summary>
    ISnapshotSession BeginSnapshot(RunSpecification dense, int step, CancellationToken cancellationToken);
}

/// <summary>A claimed training to a step. Disposing of it without <see cref="Finish"/> releases the claim and keeps the checkpoint.</summary>
public interface ISnapshotSession : ITrainingSession, IDisposable
{
    /// <summary>The weights, if another process kept them while this one waited for the claim.</summary>
    Weights? Finished { get; }

    /// <summary>Keeps the weights.</summary>
    void Finish(Weights weights);
}

/// <summary>A claimed run. Disposing of it without <see cref="Finish"/> releases the claim and keeps the checkpoint.</summary>
public interface IRunSession : ITrainingSession, IDisposable
{
    /// <summary>The result, if another process finished the run while this one waited for the claim.</summary>
    RunResult? Finished { get; }

    /// <summary>Saves the result; from here on the run is finished.</summary>
    void Finish(RunResult result);
}
