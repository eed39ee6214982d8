using Lottery.Kernels.Optimizers;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>What the update of one step is given, the same on every device. The constants of the other optimizer are not set.</summary>
/// <param name="Adam">Of Adam and AdamW.</param>
/// <param name="Sgd">Of SGD.</param>
internal readonly record struct OptimizerConstants(AdamUpdate.Constants Adam, SgdUpdate.Constants Sgd)
{
    /// <summary>The constants of one step.</summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="count">Steps since the moments were zero, this one included.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public static OptimizerConstants Of(Optimizer optimizer, int count, double factor) => optimizer switch
    {
        Adam adam => new(Of(adam, weightDecay: 0, count, factor), default),
        AdamW adam => new(Of(new(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon), adam.WeightDecay, count, factor), default),
        Sgd sgd => new(default, new()
        {
            Rate = (float)(sgd.LearningRate * factor), Momentum = (float)sgd.Momentum, Decay = (float)sgd.WeightDecay, Nesterov = sgd.Nesterov,
        }),
        _ => throw new ArgumentException($"There is no optimizer {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    private static AdamUpdate.Constants Of(Adam adam, double weightDecay, int count, double factor)
    {
        double correction1 = 1 - Power(adam.Beta1, count), correction2 = Math.Sqrt(1 - Power(adam.Beta2, count));
        return new()
        {
            Beta1 = (float)adam.Beta1, OneMinusBeta1 = (float)(1 - adam.Beta1), Beta2 = (float)adam.Beta2, OneMinusBeta2 = (float)(1 - adam.Beta2),
            Rate = (float)(adam.LearningRate * factor * correction2 / correction1),
            Shrink = (float)(1 - adam.LearningRate * factor * weightDecay),
            Epsilon = (float)(adam.Epsilon * correction2),
        };
    }

    /// <summary>By repeated squaring: the C library's power function may differ between machines in its last bit.</summary>
    private static double Power(double x, int exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0) power *= x;
        return power;
    }
}
