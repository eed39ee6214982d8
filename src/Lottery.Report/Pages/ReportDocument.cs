using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Sections;
using Lottery.Specifications;

namespace Lottery.Report.Pages;

/// <summary>What a report says, whatever it is written as.</summary>
public sealed record ReportDocument
{
    /// <summary>What it is about.</summary>
    public required string Title { get; init; }

    /// <summary>The store's folder.</summary>
    public required string Store { get; init; }

    /// <summary>The version of lottery that writes it.</summary>
    public required string Version { get; init; }

    /// <summary>When it is written.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>A sentence for each thing that is not in it.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Its chapters; at least one.</summary>
    public required ImmutableArray<ReportChapter> Chapters { get; init; }
}

/// <summary>A chapter with its figures.</summary>
/// <param name="Chapter">The runs.</param>
/// <param name="Figures">What there is to see.</param>
/// <param name="Left">A sentence for each figure that cannot be drawn.</param>
/// <param name="Provenance">How the runs came about.</param>
public sealed record ReportChapter(
    Chapter Chapter, ImmutableArray<Figure> Figures, ImmutableArray<string> Left, Provenance Provenance)
{
    /// <summary>Draws what <paramref name="chapter"/> has.</summary>
    /// <param name="chapter">The runs.</param>
    /// <param name="details">Their evaluations and digests.</param>
    /// <param name="multiplyAdds">What a run costs by its specification.</param>
    public static ReportChapter Of(Chapter chapter, RunDetails details, Func<RunSpecification, double> multiplyAdds)
    {
        details.Prepare(chapter.Runs);
        var views = AllViews.Of(chapter, details);
        return new(chapter, views.Figures, views.Left, Provenance.Of(chapter, multiplyAdds));
    }
}
