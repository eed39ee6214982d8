using System.Collections.Immutable;
using Lottery.Cli.Options;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.Cli.Studies;

/// <summary>A study as a store knows it, without its file.</summary>
internal static class StoredStudy
{
    /// <summary>The ids of a study's runs, finished or not.</summary>
    /// <exception cref="UserException">The store has no study of that name.</exception>
    public static ImmutableArray<string> Ids(RunStore store, string name)
    {
        if (!store.StudyNames.Contains(name))
            throw new UserException($"{store.Paths.Root} has no study called '{name}'"
                + (Suggestion.Nearest(name, store.StudyNames) is { } nearest ? $"; did you mean '{nearest}'?"
                    : "; `lottery study list` shows which there are, and a file can be named by its path."));
        return store.Study(name);
    }

    /// <summary>The command that trains a study's runs, or where to look for its file.</summary>
    public static string HowToTrain(string name) => Path.Combine("studies", $"{name}.yaml") is var file && File.Exists(file)
        ? $"`lottery study run {file}` trains them" : "`lottery study run` and the study's file train them";

    /// <summary>The sections of a study: one for each way in which its commands trained, as at two scales.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The study's name.</param>
    /// <param name="work">The plan whose runs are asked for; null for all of the study.</param>
    /// <param name="settings">How they are measured, compared and judged; null for the usual way.</param>
    /// <exception cref="UserException">The store has no study of that name, none of the runs is finished, or none has the metric.</exception>
    public static ImmutableArray<ReportSection> Sections(RunStore store, string name, StudyWork? work = null, ComparisonSettings? settings = null)
    {
        _ = Ids(store, name);
        settings ??= new();
        var reader = new SectionReader(store, work is null ? null : work.TestSet) { Settings = settings };
        ImmutableArray<ReportSection> sections = reader.ReadStudy(name, work is null ? null : work.Plan.Ids.ToHashSet());
        if (!sections.IsEmpty) return ComparisonOptions.Require(settings, sections);
        if (work is not null && reader.ReadStudy(name) is { IsEmpty: false } others)
            throw new UserException($"{store.Paths.Root} has no finished run of {name} with these settings; it has {string.Join(" and ", others.Select(one => one.Name))}: "
                + $"`lottery study show {name}` shows what there is.");
        throw new UserException($"No run of {name} is finished yet; {HowToTrain(name)}.");
    }
}
