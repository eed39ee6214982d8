using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>The results of a section as a matrix: a row per density, a column per condition.</summary>
/// <param name="Table">Every condition compared with level 0 and with the reference.</param>
/// <param name="Rows">Densest first.</param>
internal sealed record ResultsTable(StudyTable Table, ImmutableArray<ResultsRow> Rows)
{
    /// <summary>The results of <paramref name="section"/>.</summary>
    public static ResultsTable Create(ReportSection section)
    {
        StudyTable table = section.Table;
        return new(table,
        [
            .. table.Rows.GroupBy(row => row.ReferenceDensity ?? row.Density).OrderByDescending(row => row.Key)
                .Select(rows => new ResultsRow(rows.Key, [.. section.Conditions.Select(condition => Find(table, condition, [.. rows]))])),
        ]);
    }

    private static StudyRow? Find(StudyTable table, Condition condition, StudyRow[] rows) =>
        table.Conditions.FirstOrDefault(one => one.Values.SequenceEqual(condition.Values)) is { } found
            ? rows.FirstOrDefault(row => found.Rows.Contains(row.Ids)) : null;
}

/// <summary>A density.</summary>
/// <param name="Density">Kept ÷ prunable weights, 0–1.</param>
/// <param name="Cells">One per condition; null where it has no run.</param>
internal sealed record ResultsRow(double Density, ImmutableArray<StudyRow?> Cells);
