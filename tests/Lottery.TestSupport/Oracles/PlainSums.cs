namespace Lottery.TestSupport.Oracles;

/// <summary>Sums of products in double precision, and how far single precision may be from them in any order.</summary>
internal sealed class PlainSums(int count)
{
    private readonly double[] _sums = new double[count], _magnitudes = new double[count];
    private readonly int[] _terms = new int[count];

    public int Count => count;

    public double this[int place] => _sums[place];

    public void Add(int place, double a, double b)
    {
        _sums[place] += a * b;
        _magnitudes[place] += Math.Abs(a * b);
        _terms[place]++;
    }

    /// <summary>Each sum where the gate is open, else 0; a gate that rounding may open either way leaves slack for both.</summary>
    public (double Value, double Slack)[] Through(Func<int, bool> open) =>
        [.. Enumerable.Range(0, count).Select(i => (open(i) ? _sums[i] : 0, Slack(i)))];

    private double Slack(int place) => (_terms[place] + 4) * (6e-8 * _magnitudes[place] + 1e-45);
}
