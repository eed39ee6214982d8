namespace Lottery.Specifications;

/// <summary>How a gradient moves a weight. Every level starts with a fresh optimizer.</summary>
public abstract record Optimizer(double LearningRate)
{
    /// <summary>Adam (Kingma &amp; Ba 2015) with bias correction.</summary>
    public static Optimizer Adam(double learningRate) => new Adam(learningRate);

    /// <summary>Stochastic gradient descent, v ← momentum × v + g + decay × w; w ← w − rate × v, as PyTorch does it.</summary>
    public static Optimizer Sgd(double learningRate, double momentum = 0.0, double weightDecay = 0.0) =>
        new Sgd(learningRate, momentum, weightDecay);
}

/// <inheritdoc cref="Optimizer.Adam"/>
public sealed record Adam(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
    : Optimizer(LearningRate);

/// <inheritdoc cref="Optimizer.Sgd"/>
public sealed record Sgd(double LearningRate, double Momentum = 0.0, double WeightDecay = 0.0) : Optimizer(LearningRate);
