using System.Collections.Immutable;
using Lottery.Chapters;
using Lottery.Plots;
using Lottery.Views;

namespace Lottery.Pages;

/// <summary>The report: one file that says what was found, shows it, and tells how to do it again.</summary>
public static class ReportPage
{
    /// <summary>The document.</summary>
    /// <param name="title">What is reported on.</param>
    /// <param name="chapters">What there is; at least one.</param>
    /// <param name="foot">The last line.</param>
    public static string Write(string title, ImmutableArray<Chapter> chapters, string foot) => new Page
    {
        Title = title,
        Kind = "Lottery report",
        Contents = chapters.Length < 2 ? [] : [.. chapters.Select(chapter => (chapter.Anchor, chapter.Name))],
        Body = Html.Join(chapters.Select(Section)),
        Foot = foot,
        Scripts = Assets.Inline,
    }.Write();

    private static Html Section(Chapter chapter) => Html.Of($"""
        <section id="{chapter.Anchor}" aria-labelledby="{chapter.Anchor}-title">
        <h2 id="{chapter.Anchor}-title">{chapter.Name}</h2>
        <p class="finding">{chapter.Finding}</p>
        {FiguresOf(chapter).Select(figure => FigureHtml.Of(figure, $"{chapter.Anchor}-{figure.Key}", Html.Empty))}
        </section>

        """);

    private static IEnumerable<Figure> FiguresOf(Chapter chapter) => [DensityViews.Accuracy(chapter), DensityViews.EarlyStop(chapter)];
}
