using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Lottery.Report.Pages;

/// <summary>Text that is HTML already. Everything else becomes HTML by being written into one, which escapes it.</summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Html(string Text)
{
    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new("");

    /// <summary>Markup with values in it: <c>Html.Of($"&lt;p&gt;{text}&lt;/p&gt;")</c>. Attributes need their quotes.</summary>
    public static Html Of(HtmlBuilder builder) => new(builder.ToString());

    /// <summary>One after the other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Text)));

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Builds markup from an interpolated string: what is between braces is escaped unless it is <see cref="Html"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlBuilder(int literalLength, int formattedCount)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    /// <summary>Markup as it stands in the source.</summary>
    public void AppendLiteral(string markup) => _text.Append(markup);

    /// <summary>Markup that was built before.</summary>
    public void AppendFormatted(Html markup) => _text.Append(markup.Text);

    /// <summary>Markup that was built before, one after the other.</summary>
    public void AppendFormatted(IEnumerable<Html> markup)
    {
        foreach (Html part in markup) _text.Append(part.Text);
    }

    /// <summary>Text, escaped.</summary>
    public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

    /// <summary>A number.</summary>
    public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
