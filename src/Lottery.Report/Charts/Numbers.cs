using System.Globalization;

namespace Lottery.Report.Charts;

/// <summary>How the numbers of a figure are written for people.</summary>
public static class Numbers
{
    /// <summary><paramref name="value"/> in a form, with its unit; a dash where there is no number.</summary>
    public static string Write(double value, Form form) => !double.IsFinite(value) ? "–" : form switch
    {
        Form.Share => $"{Tables.Figures.Percent(value)} %",
        Form.Density => Tables.Figures.Density(value),
        Form.Count => Tables.Figures.Count(value),
        Form.Number => value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−'),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "A form that nobody wrote down."),
    };

    /// <summary>A tick of an axis: as short as can be.</summary>
    public static string Tick(double value, Form form) => form is Form.Share or Form.Density
        ? (100 * value).ToString("0.###", CultureInfo.InvariantCulture) + " %"
        : form == Form.Count ? Tables.Figures.Count(value) : value.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−');
}
