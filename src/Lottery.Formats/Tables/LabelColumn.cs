using System.Collections.Immutable;
using System.Globalization;
using Lottery.Data.Formats;

namespace Lottery.Formats.Tables;

/// <summary>
/// Numbers the labels of a table. Integers without gaps from 0 or 1 are classes themselves; anything else is the name of a class,
/// in numeric or else in ordinal order.
/// </summary>
internal sealed class LabelColumn
{
    private const int MostClasses = 256;
    private readonly Dictionary<string, byte> _numbers = [];
    private readonly string _trainingPath;

    /// <summary>The classes of the training rows.</summary>
    /// <exception cref="UserException">They are too many.</exception>
    public LabelColumn(FeatureTable training)
    {
        _trainingPath = training.Path;
        string[] texts = [.. training.Labels.Distinct()];
        if (texts.Length > MostClasses)
            throw new UserException($"{training.Path}: expected labels of at most {MostClasses} classes, found {texts.Length:N0} different ones; "
                + "a label is a class, not a quantity.");
        double[] numbers = [.. texts.Select(Number)];
        bool areNumbers = !numbers.Any(double.IsNaN);
        if (areNumbers && numbers.Min() is 0 or 1 && numbers.Max() == numbers.Min() + texts.Length - 1 && numbers.All(number => number == Math.Floor(number))
            && numbers.Distinct().Count() == texts.Length && numbers.Max() <= byte.MaxValue)
        {
            foreach ((string text, double number) in texts.Zip(numbers)) _numbers[text] = (byte)number;
            return;
        }
        Names = [.. areNumbers ? texts.OrderBy(Number).ThenBy(text => text, StringComparer.Ordinal) : texts.Order(StringComparer.Ordinal)];
        if (Names.FirstOrDefault(name => !ClassNames.IsName(name)) is not null)
            throw new UserException($"{training.Path}: a label is too long or has control characters; give it another name.");
        for (int i = 0; i < Names.Length; i++) _numbers[Names[i]] = (byte)i;
    }

    /// <summary>The names of the classes; empty where labels are their numbers.</summary>
    public ImmutableArray<string> Names { get; } = [];

    /// <summary>The labels of a table as numbers.</summary>
    /// <exception cref="UserException">A label is of no training row.</exception>
    public byte[] Of(FeatureTable table)
    {
        var labels = new byte[table.Labels.Length];
        for (int i = 0; i < labels.Length; i++)
            if (!_numbers.TryGetValue(table.Labels[i], out labels[i]))
                throw new UserException($"{table.Path}, {table.RowOf(i)}: the label '{Shown(table.Labels[i])}' is of no row in {_trainingPath}; add such rows there, or remove it here.");
        return labels;
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : double.NaN;

    private static string Shown(string text) => new([.. (text.Length > 40 ? text[..40] + "…" : text).Select(letter => char.IsControl(letter) ? '·' : letter)]);
}
