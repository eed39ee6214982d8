namespace Lottery.Report.Tables;

/// <summary>A column of a table, the same on a terminal, in Markdown and in HTML.</summary>
/// <typeparam name="TRow">What a row is about.</typeparam>
/// <param name="Heading">Its heading.</param>
/// <param name="Kind">How its cells are aligned, wrapped and truncated.</param>
/// <param name="Text">Writes the cell of a row; empty if the row has no value.</param>
internal record TableColumn<TRow>(string Heading, ColumnKind Kind, Func<TRow, string> Text)
{
    /// <summary>Whether a terminal that is too narrow leaves it out first.</summary>
    public bool IsSecondary { get; init; }
}

/// <summary>How the cells of a column are aligned, wrapped and truncated.</summary>
internal enum ColumnKind
{
    /// <summary>Left-aligned; wrapped between words; a word wider than its column is truncated and ends in …</summary>
    Text,

    /// <summary>Left-aligned; wrapped between words, never truncated: estimates with intervals, ids and paths.</summary>
    Whole,

    /// <summary>Right-aligned; never wrapped or truncated.</summary>
    Number,
}
