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
}

/// <summary>A claimed run. Disposing of it without <see cref="Finish"/> gives the claim back and keeps the checkpoint.</summary>
public interface IRunSession : IDisposable
{
    /// <summary>The result, if another process finished the run while this one waited for the claim.</summary>
    RunResult? Finished { get; }

    /// <summary>The checkpoint of an interrupted training; null to start at the first step.</summary>
    Checkpoint? Resume { get; }

    /// <summary>True when the last checkpoint is old enough for another: after ten seconds at the latest.</summary>
    bool CheckpointDue { get; }

    /// <summary>Keeps a checkpoint, in place of the one before.</summary>
    void Save(Checkpoint checkpoint);

    /// <summary>Appends an evaluation to the progress that other processes read.</summary>
    void Report(Evaluation evaluation);

    /// <summary>Keeps the result; from here on the run is finished.</summary>
    void Finish(RunResult result);
}
