using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>HTML. Text becomes HTML only by interpolation into <see cref="Of"/>, which escapes it.</summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Html(string Text)
{
    /// <summary>No markup.</summary>
    public static Html Empty { get; } = new("");

    /// <summary>Markup with escaped values: <c>Html.Of($"&lt;p&gt;{text}&lt;/p&gt;")</c>. Attributes must be quoted.</summary>
    public static Html Of(HtmlBuilder builder) => new(builder.ToString());

    /// <summary>The concatenation of <paramref name="parts"/>.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Text)));

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Builds markup from an interpolated string; values are escaped unless they are <see cref="Html"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlBuilder(int literalLength, int formattedCount)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    /// <summary>Appends markup of the source code.</summary>
    public void AppendLiteral(string markup) => _text.Append(markup);

    /// <summary>Appends markup.</summary>
    public void AppendFormatted(Html markup) => _text.Append(markup.Text);

    /// <summary>Appends pieces of markup.</summary>
    public void AppendFormatted(IEnumerable<Html> markup)
    {
        foreach (Html part in markup) _text.Append(part.Text);
    }

    /// <summary>Appends text, escaped and with control characters made visible; nothing for null.</summary>
    public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(VisibleText.Lines(text ?? "")));

    /// <summary>Appends a number.</summary>
    public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
