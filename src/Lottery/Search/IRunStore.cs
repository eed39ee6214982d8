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

/// <summary>A claimed run. Disposing of it without <see cref="Finish"/> releases the claim and keeps the checkpoint.</summary>
public interface IRunSession : ITrainingSession, IDisposable
{
    /// <summary>The result, if another process finished the run while this one waited for the claim.</summary>
    RunResult? Finished { get; }

    /// <summary>Saves the result; from here on the run is finished.</summary>
    void Finish(RunResult result);
}
