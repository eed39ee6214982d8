using System.Collections.Immutable;
using Lottery.Training;

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

    /// <summary>Some of its rows.</summary>
    public MetricsTable Rows(Range rows) => new(Steps[rows], [.. Columns.Select(column => column[rows])]);

    /// <summary>The rows as evaluations, by step.</summary>
    public ImmutableArray<Evaluation> Evaluations()
    {
        double[] losses = Columns[0], accuracies = Columns[1], training = Columns[2];
        double[]? kept = IsLearned ? Columns[Always] : null;
        return
        [
            .. Evaluated().Select(i => new Evaluation(Steps[i], losses[i], accuracies[i], training[i])
            {
                Kept = kept is null || double.IsNaN(kept[i]) ? null : new(kept[i], Columns[Always + 1][i]),
            }),
        ];
    }

    /// <summary>The validation accuracies of the evaluations, by step.</summary>
    public ImmutableArray<(int Step, double Accuracy)> Curve() => [.. Evaluated().Select(i => (Steps[i], Columns[1][i]))];

    /// <summary>The rows of evaluations: one without a validation loss has a test alone.</summary>
    private IEnumerable<int> Evaluated() => Enumerable.Range(0, Steps.Length).Where(i => !double.IsNaN(Columns[0][i]) || double.IsNaN(Columns[4][i]));
}
