using System.Diagnostics;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>One run's training from where it stands to its end, its place kept.</summary>
internal static class Sitting
{
    private static readonly long s_ticksBetweenSigns = Stopwatch.Frequency / 4;

    /// <summary>Goes on from the session's checkpoint, if it has one, to the last step, and tests.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; its place is kept.</exception>
    public static TrainingOutcome Complete(
        RunSpecification run, Trainer trainer, IRunSession session, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (session.Resume is { } checkpoint) trainer.Resume(checkpoint);
        Keep(run, trainer, session, progress, cancellationToken);
        return trainer.Finish();
    }

    /// <summary>Step after step, with a checkpoint whenever one is due and a last one when the run is stopped.</summary>
    private static void Keep(
        RunSpecification run, Trainer trainer, IRunSession session, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        long sign = 0;
        progress?.Report(new(run, trainer.Step, trainer.Latest));
        while (!trainer.Finished)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                session.Save(trainer.Checkpoint());
                cancellationToken.ThrowIfCancellationRequested();
            }
            if (session.CheckpointDue) session.Save(trainer.Checkpoint());
            Evaluation? evaluation = trainer.Advance();
            if (evaluation is not null) session.Report(evaluation);
            if (progress is null || (evaluation is null && Stopwatch.GetTimestamp() < sign)) continue;
            progress.Report(new(run, trainer.Step, trainer.Latest));
            sign = Stopwatch.GetTimestamp() + s_ticksBetweenSigns;
        }
    }
}
