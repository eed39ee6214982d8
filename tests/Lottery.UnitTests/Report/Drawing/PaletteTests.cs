using System.Text.RegularExpressions;
using Lottery.Report.Drawing;
using Lottery.Report.Pages;

namespace Lottery.UnitTests.Report.Drawing;

public class PaletteTests
{
    private static readonly Palette s_standard = Palette.All[0];

    [Fact]
    public void Paper_has_the_colours_of_the_page()
    {
        string style = Assets.Style.Text;
        for (int slot = 0; slot < 10; slot++)
            Assert.Equal(Regex.Match(style, $"--s{slot}: (#[0-9a-f]{{6}})").Groups[1].Value, s_standard.Of(slot).Colour.ToString());
        Assert.Equal(Regex.Match(style, "--none: (#[0-9a-f]{6})").Groups[1].Value, s_standard.Of(-1).Colour.ToString());
    }

    [Fact]
    public void Twenty_conditions_differ()
    {
        foreach (Palette palette in Palette.All)
            Assert.Equal(20, Enumerable.Range(0, 20).Select(slot => palette.Of(slot)).Select(style => (style.Colour, style.Shape, style.IsHollow)).Distinct().Count());
    }

    [Theory]
    [InlineData(ColourVision.Normal, 20)]
    [InlineData(ColourVision.Protanopia, 12)]
    [InlineData(ColourVision.Deuteranopia, 12)]
    [InlineData(ColourVision.Tritanopia, 10)]
    public void Ten_colours_can_be_told_apart(ColourVision vision, double least)
    {
        foreach (string theme in (string[])["light", "dark"])
        {
            Rgb[] colours = theme == "light" ? [.. s_standard.Slots] : Dark();
            Assert.Equal(10, colours.Length);
            foreach ((int i, Rgb a) in colours.Index())
                foreach (Rgb b in colours.Take(i))
                    Assert.True(ColourDistance.Between(a, b, vision) >= (theme == "light" ? least : 0.95 * least), $"{a} and {b} in {theme}: {ColourDistance.Between(a, b, vision):0.0}");
        }
    }

    [Fact]
    public void Neighbours_differ_in_lightness_and_all_are_visible_on_their_background()
    {
        Assert.All(s_standard.Slots, colour => Assert.True(colour.Contrast(Rgb.White) >= 2.7, $"{colour}"));
        Assert.All(Dark(), colour => Assert.True(colour.Contrast(Rgb.Parse("#1b1f26")) >= 3, $"{colour}"));
        double[] lightness = [.. s_standard.Slots.Select(colour => ColourDistance.Lab(colour, ColourVision.Normal).L)];
        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(Math.Abs(pair.First - pair.Second) >= 8));
    }

    [Fact]
    public void An_unknown_palette_is_refused_with_the_list() =>
        Assert.Contains("ten, okabe-ito, tol-muted, grey", Assert.Throws<UserException>(() => Palette.Find("rainbow")).Message, StringComparison.Ordinal);

    private static Rgb[] Dark()
    {
        string dark = Regex.Match(Assets.Style.Text, @"data-theme=""dark""\] \{(.*?)\n\}", RegexOptions.Singleline).Groups[1].Value;
        return [.. Regex.Matches(dark, @"--s\d: (#[0-9a-f]{6})").Select(match => Rgb.Parse(match.Groups[1].Value))];
    }
}
