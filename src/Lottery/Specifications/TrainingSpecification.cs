namespace Lottery.Specifications;

/// <summary>One training: optimizer, batch, length, and how often it is evaluated.</summary>
public sealed record TrainingSpecification
{
    /// <summary>The optimizer and its learning rate.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam(1.2e-3);

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Examples in a step; every epoch is reshuffled and its incomplete last batch is dropped.</summary>
    public int Batch { get; init; } = 60;

    /// <summary>Steps from the first to the last; 0 evaluates a mask on untrained weights.</summary>
    public required int Steps { get; init; }

    /// <summary>Steps between two evaluations on the validation set; step 0 and the last step are always evaluated.</summary>
    public int Evaluate { get; init; } = 100;
}
