namespace Lottery.Training;

/// <summary>Where a training keeps its checkpoints and reports its progress.</summary>
public interface ITrainingSession
{
    /// <summary>Where the training was interrupted; null for a fresh start.</summary>
    Checkpoint? Resume { get; }

    /// <summary>True if the last checkpoint is old enough for another.</summary>
    bool CheckpointDue { get; }

    /// <summary>Saves a checkpoint, in place of the one before.</summary>
    void Save(Checkpoint checkpoint);

    /// <summary>Appends an evaluation to the progress that others may read.</summary>
    void Report(Evaluation evaluation);
}
