using System.Collections.Immutable;
using Lottery.Numerics;

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

    /// <summary>What is measured besides.</summary>
    public MeasurementSpecification Measurements { get; init; } = new();

    /// <summary>The seed of the order of the examples and of their augmentation; null for that of each run.</summary>
    public ulong? OrderSeed { get; init; }

    /// <summary>This training without a step: what it measures before the first.</summary>
    internal TrainingSpecification Untrained => this with
    {
        Steps = 0, Measurements = Measurements with { TestAt = [.. Measurements.TestAt.Where(step => step == 0)] },
    };

    /// <summary>What the optimizer's learning rate is multiplied by at <paramref name="step"/> (the first step is 0).</summary>
    public double FactorAt(int step) => Schedule.FactorAt(step, Steps);

    /// <summary>Checks that every measurement falls into the training.</summary>
    /// <exception cref="UserException">One does not.</exception>
    internal void Require()
    {
        if (Measurements.TestAt.FirstOrDefault(step => step < 0 || step > Steps, 0) is var step and not 0)
            throw new UserException($"The test at step {step} is not within the {Steps} steps of a training; test at an earlier step.");
    }
}

/// <summary>What is measured of a training besides its evaluations, and at its end. It changes no bit of what is trained.</summary>
public sealed record MeasurementSpecification
{
    /// <summary>The steps at which the network is tested too, ascending, from 0 to the last; the early-stopping and the last step always are.</summary>
    public ImmutableArray<int> TestAt { get; init; } = [];

    /// <summary>
    /// So many of the examples trained on, sampled by the run's seed, give the training accuracy; null for all of them, as for more
    /// than there are.
    /// </summary>
    public int? TrainingSample { get; init; } = 5_000;

    /// <summary>Equal values are one specification.</summary>
    public bool Equals(MeasurementSpecification? other) =>
        other is not null && TestAt.SequenceEqual(other.TestAt) && TrainingSample == other.TrainingSample;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TestAt.Length, TrainingSample);
}

/// <summary>How a gradient moves a weight. Every level starts with a fresh optimizer.</summary>
public abstract record Optimizer(double LearningRate)
{
    /// <summary>Adam (Kingma &amp; Ba 2015) with bias correction.</summary>
    public static Optimizer Adam(double learningRate) => new Adam(learningRate);

    /// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019): w ← w × (1 − rate × decay) before Adam's step.</summary>
    public static Optimizer AdamW(double learningRate, double weightDecay = 0.01) => new AdamW(learningRate, weightDecay);

    /// <summary>
    /// Stochastic gradient descent as PyTorch does it: g ← g + decay × w; v ← momentum × v + g; w ← w − rate × v, or with Nesterov's
    /// momentum w ← w − rate × (g + momentum × v).
    /// </summary>
    public static Optimizer Sgd(double learningRate, double momentum = 0.0, double weightDecay = 0.0, bool nesterov = false) =>
        new Sgd(learningRate, momentum, weightDecay, nesterov);
}

/// <inheritdoc cref="Optimizer.Adam"/>
public sealed record Adam(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
    : Optimizer(LearningRate);

/// <inheritdoc cref="Optimizer.AdamW"/>
public sealed record AdamW(double LearningRate, double WeightDecay = 0.01, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
    : Optimizer(LearningRate);

/// <inheritdoc cref="Optimizer.Sgd"/>
public sealed record Sgd(double LearningRate, double Momentum = 0.0, double WeightDecay = 0.0, bool Nesterov = false) : Optimizer(LearningRate);

/// <summary>How the learning rate changes with the step: constant, in steps or along a cosine, and with a linear warm-up before any.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>The rate of the optimizer at every step.</summary>
    public static LearningRateSchedule Constant { get; } = new();

    /// <summary>The steps at which the rate is multiplied by <see cref="Factor"/>, ascending.</summary>
    public ImmutableArray<int> At { get; init; } = [];

    /// <summary>What the rate is multiplied by at each of <see cref="At"/>.</summary>
    public double Factor { get; init; } = 1.0;

    /// <summary>
    /// The fraction of the rate at which half a period of a cosine ends, 0 or more; null for none. With W steps of warm-up and T in
    /// all, step s ≥ W has rate × (c + (1 − c) × (1 + cos(π (s − W) ÷ (T − W))) ÷ 2): PyTorch's CosineAnnealingLR.
    /// </summary>
    public double? Cosine { get; init; }

    /// <summary>Steps over which the rate rises linearly from 0; 0 for none. Step s &lt; W has rate × (s + 1) ÷ W.</summary>
    public int WarmUp { get; init; }

    /// <summary>What the optimizer's rate is multiplied by.</summary>
    /// <param name="step">The step; the first is 0.</param>
    /// <param name="steps">Steps of the training, at whose end a cosine ends.</param>
    public double FactorAt(int step, int steps)
    {
        double factor = step < WarmUp ? (step + 1.0) / WarmUp : 1.0;
        if (Cosine is { } last && step >= WarmUp)
            factor = last + (1.0 - last) * (1.0 + ExactMath.CosineOfPi(Math.Min(1.0, (step - WarmUp) / (double)Math.Max(1, steps - WarmUp)))) / 2.0;
        foreach (int at in At)
            if (step >= at) factor *= Factor;
        return factor;
    }

    /// <summary>Equal values are one schedule.</summary>
    public bool Equals(LearningRateSchedule? other) => other is not null
        && At.SequenceEqual(other.At) && Factor.Equals(other.Factor) && Cosine.Equals(other.Cosine) && WarmUp == other.WarmUp;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(At.Length, Factor, Cosine, WarmUp);
}
