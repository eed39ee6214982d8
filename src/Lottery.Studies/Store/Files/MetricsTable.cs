namespace Lottery.Studies.Store.Files;

/// <summary>The columns of a run's evaluations as they are in its file, NaN where nothing was measured.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Columns">The other columns, in the order of the file; the last two are there only where a mask was learned.</param>
internal sealed record MetricsTable(int[] Steps, double[][] Columns)
{
    private const int Always = 5;

    /// <summary>Whether a mask was learned.</summary>
    public bool IsLearned => Columns.Length > Always;

    /// <summary>A column; NaN for one that the run does not have.</summary>
    public double[] Column(int column) => column < Columns.Length ? Columns[column] : [.. Enumerable.Repeat(double.NaN, Steps.Length)];
}
