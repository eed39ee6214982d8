using System.Collections.Immutable;
using Lottery.Report.Sections;

namespace Lottery.Report.Charts;

/// <summary>Every figure that a chapter has, in the order in which they are read.</summary>
/// <param name="Figures">The figures.</param>
/// <param name="Left">A sentence for each that cannot be drawn although one would expect it.</param>
public sealed record AllViews(ImmutableArray<Figure> Figures, ImmutableArray<string> Left)
{
    /// <summary>The figures of <paramref name="chapter"/>.</summary>
    public static AllViews Of(Chapter chapter, RunDetails details)
    {
        bool pruned = LearningCurves.LevelsOf(chapter).Any();
        var left = new List<string>();
        Figure?[] figures =
        [
            pruned ? DensityViews.Accuracy(chapter) : null,
            pruned ? MatrixView.Of(chapter) : null,
            pruned && !chapter.IsUntrained ? DensityViews.EarlyStop(chapter) : null,
            Or(LearningCurves.Of(chapter, details), !chapter.IsUntrained, "Learning curves are left out: no evaluations can be read."),
            pruned && !chapter.IsUntrained ? DensityViews.Untrained(chapter, details) : null,
            pruned || chapter.IsLearned ? SupermaskView.Of(chapter, details) : null,
            Or(MaskImages.Of(chapter, details), pruned, "Images of the masks are left out: the runs’ weights cannot be read."),
            Or(MovementView.Of(chapter, details), pruned,
                "The figure of which weights a criterion keeps is left out: it needs the weights of a first cut and of its dense network."),
            pruned ? LayerViews.Density(chapter, details) : null,
            Or(chapter.IsLearned ? null : LayerViews.Weights(chapter, details), !chapter.IsLearned, "Histograms of the weights are left out: the runs’ weights cannot be read."),
        ];
        return new([.. figures.OfType<Figure>()], [.. left]);

        Figure? Or(Figure? figure, bool expected, string sentence)
        {
            if (figure is null && expected) left.Add(sentence);
            return figure;
        }
    }
}
