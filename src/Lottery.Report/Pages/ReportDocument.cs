using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Sections;
using Lottery.Specifications;

namespace Lottery.Report.Pages;

/// <summary>What a report says, whatever it is written as.</summary>
internal sealed record ReportDocument
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

    /// <summary>Its sections; at least one.</summary>
    public required ImmutableArray<SectionContent> Sections { get; init; }
}

/// <summary>A section with its charts.</summary>
/// <param name="Section">The runs.</param>
/// <param name="Charts">What there is to see.</param>
/// <param name="Omissions">A sentence for each chart that cannot be drawn.</param>
/// <param name="Provenance">How the runs came about.</param>
internal sealed record SectionContent(
    ReportSection Section, ImmutableArray<Chart> Charts, ImmutableArray<string> Omissions, ReportProvenance Provenance)
{
    /// <summary>Draws what <paramref name="section"/> has.</summary>
    /// <param name="section">The runs.</param>
    /// <param name="details">Their evaluations and digests.</param>
    /// <param name="multiplyAdds">What a run costs by its specification.</param>
    public static SectionContent Of(ReportSection section, RunDetails details, Func<RunSpecification, double> multiplyAdds)
    {
        details.Prepare(section.Runs);
        var views = SectionCharts.Create(section, details);
        return new(section, views.Charts, views.Omissions, ReportProvenance.Of(section, multiplyAdds));
    }
}
