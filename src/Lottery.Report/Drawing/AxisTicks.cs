using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>Where an axis has ticks: at round values, and at three of them or more. <c>charts.js</c> has the same rules.</summary>
internal static class AxisTicks
{
    /// <summary>An axis with fewer ticks does not show its scale.</summary>
    public const int Least = 3;

    /// <summary>What an axis shows beyond its values is less than this part of it, or than this.</summary>
    private const double MostMargin = 0.05, LeastMargin = 1e-8;

    /// <summary>Steps within a decade: the first set that fits is used, so that 1, 2 and 5 are preferred.</summary>
    private static readonly double[][] s_steps = [[1, 2, 5], [2.5], [1.5, 3, 4, 6, 8]];

    /// <summary>Ticks within each decade of a logarithmic axis.</summary>
    private static readonly double[][] s_decades = [[1, 2, 5], [1, 3], [1]];

    /// <summary>The values with a tick, in ascending order.</summary>
    /// <param name="axis">The axis; fractions have no ticks above 1, nor in a margin below 0.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <param name="most">The largest number of ticks that fits; with fewer than five, more than that may be needed for three.</param>
    public static double[] Choose(ChartAxis axis, double low, double high, int most)
    {
        if (axis.Format is NumberKind.Percent or NumberKind.Density)
        {
            // A margin beyond 0 % or 100 % has no ticks; differences of fractions go farther below 0 than a margin.
            if (low < 0 && high > 0 && -low < Math.Max(MostMargin * (high - low), LeastMargin)) low = 0;
            if (high > 1 && low < 1) high = 1;
        }
        most = Math.Max(most, Least);
        return (axis.Kind == AxisKind.Log ? Logarithmic(low, high, most) : null)
            ?? Linear(low, high, most, axis.Format == NumberKind.Count ? 1 : 0);
    }

    private static double[]? Logarithmic(double low, double high, int most)
    {
        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high));
        foreach (double[] set in s_decades)
        {
            double[] ticks = [.. from power in Enumerable.Range(first, last - first + 1)
                                 from value in set
                                 let tick = Scaled(value, power)
                                 where tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)
                                 select tick];
            if (ticks.Length >= Least && ticks.Length <= most) return ticks;
            if (set.Length == 1 && ticks.Length > most)
            {
                int every = Math.Max(1, Math.Min((ticks.Length + most - 1) / most, (ticks.Length - 1) / (Least - 1)));
                return [.. ticks.Where((_, i) => i % every == 0)];
            }
        }
        return null;
    }

    private static double[] Linear(double low, double high, int most, double leastStep)
    {
        int power = (int)Math.Floor(Math.Log10(high - low));
        foreach (double[] set in s_steps)
        {
            var steps = from exponent in Enumerable.Range(power - 2, 4) from value in set select Scaled(value, exponent);
            double[]? found = steps.Where(step => IsAllowed(step)).Order().Select(step => Multiples(low, high, step))
                .FirstOrDefault(ticks => ticks.Length >= Least && ticks.Length <= most);
            if (found is not null) return found;
        }
        // Fewer fit than three round values need.
        return (from exponent in Enumerable.Range(power - 2, 4)
                from value in s_steps.SelectMany(set => set)
                let step = Scaled(value, exponent)
                where IsAllowed(step)
                let ticks = Multiples(low, high, step)
                where ticks.Length >= Least
                orderby ticks.Length
                select ticks).FirstOrDefault() ?? Multiples(low, high, leastStep);

        bool IsAllowed(double step) => leastStep == 0 || step >= leastStep && step % leastStep == 0;
    }

    private static double[] Multiples(double low, double high, double step)
    {
        double slack = 1e-6;
        long first = (long)Math.Ceiling(low / step - slack), last = (long)Math.Floor(high / step + slack);
        return last - first > 1000 ? [] : [.. Enumerable.Range(0, (int)Math.Max(0, last - first + 1)).Select(i => Rounded((first + i) * step, step))];
    }

    /// <summary>Without the last bits of the multiplication, so that 0.3 is 0.3.</summary>
    private static double Rounded(double value, double step)
    {
        int digits = 2 - (int)Math.Floor(Math.Log10(step));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }

    private static double Scaled(double value, int power) => power < 0 ? value / Math.Pow(10, -power) : value * Math.Pow(10, power);
}
