using System.Collections.Immutable;
using System.Globalization;
using Lottery.Files;

namespace Lottery.Formats.Tables;

/// <summary>
/// Reads a table as text: a first line of column names, then a row a line, with commas, semicolons or tabs between the cells
/// (whichever the first line has most of) and double quotes around cells that need them (RFC 4180).
/// </summary>
internal sealed class CsvTable
{
    private const int MostColumns = 1 << 16, LongestCell = 1 << 12;
    private static readonly ImmutableArray<string> s_missing = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"];

    private readonly string _path;
    private readonly TextReader _text;
    private readonly List<string> _cells = [];
    private readonly System.Text.StringBuilder _cell = new();
    private char _separator = ',';
    private int _line, _rowLine;

    private CsvTable(string path, TextReader text) => (_path, _text) = (path, text);

    /// <inheritdoc cref="FeatureTable.Read"/>
    public static FeatureTable Read(string path, string? label)
    {
        using var text = new StreamReader(InputFile.Open(path));
        return new CsvTable(path, text).Read(label);
    }

    private FeatureTable Read(string? label)
    {
        string[] columns = Header();
        int labelAt = FeatureTable.LabelOf(_path, columns, label), features = columns.Length - 1;
        var (values, labels, lines) = (new List<float>(), new List<string>(), new List<int>());
        while (NextRow())
        {
            if (_cells.Count != columns.Length)
                throw Wrong($"expected {columns.Length} cells, as the first line has names, found {_cells.Count}", "complete the row, or remove it");
            if ((labels.Count + 1L) * features > Array.MaxLength)
                throw new UserException($"{_path} has more than {Array.MaxLength:N0} values; give fewer rows or columns.");
            for (int i = 0; i < columns.Length; i++)
                if (i != labelAt) values.Add(Number(columns[i], _cells[i].Trim()));
            labels.Add(s_missing.Contains(_cells[labelAt].Trim())
                ? throw Wrong($"the label in column '{columns[labelAt]}' is missing", "add it, or remove the row") : _cells[labelAt].Trim());
            lines.Add(_rowLine);
        }
        if (labels.Count == 0) throw new UserException($"{_path} has no rows after its first line; give it examples.");
        return new(_path, [.. columns.Where((_, i) => i != labelAt)], [.. values], [.. labels], row => $"line {lines[row]}");
    }

    private string[] Header()
    {
        string first = _text.ReadLine() ?? throw new UserException($"{_path} is empty; give a table whose first line names its columns.");
        _separator = new[] { ',', ';', '\t' }.MaxBy(separator => first.Count(letter => letter == separator));
        var rest = new CsvTable(_path, new StringReader(first)) { _separator = _separator };
        if (!rest.NextRow()) throw new UserException($"{_path}: its first line is empty; name the columns there.");
        _line = 1;
        string[] columns = [.. rest._cells.Select(cell => cell.Trim())];
        if (columns.FirstOrDefault(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) is { } number)
            throw new UserException($"{_path}: expected the names of the columns in the first line, found the number {number}; add a line of names, such as x1{_separator}x2{_separator}label.");
        return columns;
    }

    private float Number(string column, string cell)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && float.IsFinite((float)value)) return (float)value;
        if (bool.TryParse(cell, out bool flag)) return flag ? 1 : 0;
        throw s_missing.Contains(cell)
            ? Wrong($"column '{column}' has no value", "fill it in, or remove the row (df.dropna())")
            : Wrong($"column '{column}' is '{Shown(cell)}', which is no finite number", "give numbers only (pd.get_dummies makes them of words), or remove the column");
    }

    private static string Shown(string cell) => new([.. (cell.Length > 40 ? cell[..40] + "…" : cell).Select(letter => char.IsControl(letter) ? '·' : letter)]);

    private UserException Wrong(string what, string advice) => new($"{_path}, line {_rowLine}: {what}; {advice}.");

    /// <summary>Reads the next row that is not empty into <see cref="_cells"/>.</summary>
    private bool NextRow()
    {
        do
        {
            if (_text.Peek() < 0) return false;
            _rowLine = ++_line;
            _cells.Clear();
            while (NextCell())
                if (_cells.Count > MostColumns) throw Wrong($"expected at most {MostColumns:N0} columns, found more", "give a table with line breaks between its rows");
        }
        while (_cells is [""]);
        return true;
    }

    /// <summary>Reads a cell; returns false at the end of the row.</summary>
    private bool NextCell()
    {
        _cell.Clear();
        bool quoted = _text.Peek() == '"';
        if (quoted) _text.Read();
        while (true)
        {
            int letter = _text.Read();
            if (_cell.Length > LongestCell) throw Wrong($"expected cells of at most {LongestCell:N0} characters, found a longer one", "close its quotes, or shorten it");
            if (quoted)
            {
                if (letter < 0) throw Wrong("a double quote has no other", "close it");
                if (letter == '\n') _line++;
                if (letter != '"') _cell.Append((char)letter);
                else if (_text.Peek() == '"') _cell.Append((char)_text.Read());
                else quoted = false;
                continue;
            }
            if (letter == '\r' && _text.Peek() == '\n') letter = _text.Read();
            if (letter < 0 || letter == '\n' || letter == _separator)
            {
                _cells.Add(_cell.ToString());
                return letter == _separator;
            }
            _cell.Append((char)letter);
        }
    }
}
