using System.Text.RegularExpressions;
using Lottery.Report.Charts;
using Lottery.Report.Pages;

namespace Lottery.UnitTests.Report;

public class PaletteTests
{
    [Fact]
    public void Paper_has_the_colours_of_the_page()
    {
        string style = Assets.Style.Text;
        for (int slot = 0; slot < 8; slot++)
            Assert.Equal(Regex.Match(style, $"--s{slot}: (#[0-9a-f]{{6}})").Groups[1].Value, Palette.Of(slot).ToHex(), ignoreCase: true);
        Assert.Equal(Regex.Match(style, "--none: (#[0-9a-f]{6})").Groups[1].Value, Palette.Of(-1).ToHex(), ignoreCase: true);
    }

    [Fact]
    public void Sixteen_conditions_differ_by_colour_or_marker() =>
        Assert.Equal(16, Enumerable.Range(0, 16).Select(slot => (Palette.Of(slot), Palette.Marker(slot), Palette.Width(slot))).Distinct().Count());
}
