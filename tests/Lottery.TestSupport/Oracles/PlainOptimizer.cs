using Lottery.Specifications;

namespace Lottery.TestSupport.Oracles;

/// <summary>SGD, Adam and AdamW by their papers' formulas, in double precision, for every value whether pruned or not.</summary>
internal sealed class PlainOptimizer(Optimizer optimizer, double[][] values)
{
    private readonly double[][] _first = [.. values.Select(v => new double[v.Length])];
    private readonly double[][] _second = [.. values.Select(v => new double[v.Length])];
    private int _count;

    public void Step(double[][] gradient, double factor = 1)
    {
        _count++;
        for (int i = 0; i < values.Length; i++)
            for (int k = 0; k < values[i].Length; k++)
                values[i][k] = optimizer switch
                {
                    Adam adam => values[i][k] - adam.LearningRate * factor
                        * Direction(adam, gradient[i][k], ref _first[i][k], ref _second[i][k]),
                    AdamW adam => values[i][k] - adam.LearningRate * factor * adam.WeightDecay * values[i][k] - adam.LearningRate * factor
                        * Direction(new(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon), gradient[i][k], ref _first[i][k], ref _second[i][k]),
                    Sgd sgd => values[i][k] - sgd.LearningRate * factor
                        * Move(sgd, gradient[i][k] + sgd.WeightDecay * values[i][k], ref _first[i][k]),
                    _ => throw new ArgumentException("There is no such optimizer.", nameof(gradient)),
                };
    }

    /// <summary>As torch.optim.SGD documents it, without dampening.</summary>
    private static double Move(Sgd sgd, double g, ref double v)
    {
        v = sgd.Momentum * v + g;
        return sgd.Nesterov ? g + sgd.Momentum * v : v;
    }

    /// <summary>Algorithm 1 of Kingma and Ba, with its corrected moments.</summary>
    private double Direction(Adam adam, double g, ref double m, ref double v)
    {
        m = adam.Beta1 * m + (1 - adam.Beta1) * g;
        v = adam.Beta2 * v + (1 - adam.Beta2) * g * g;
        return m / (1 - Math.Pow(adam.Beta1, _count)) / (Math.Sqrt(v / (1 - Math.Pow(adam.Beta2, _count))) + adam.Epsilon);
    }
}
