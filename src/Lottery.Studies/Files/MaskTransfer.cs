using Lottery.Data;
using Lottery.Formats.Yaml;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Settings;
using Lottery.Training;

namespace Lottery.Studies.Files;

/// <summary>Where a cell's masks come from: the tickets of another cell, seed by seed.</summary>
/// <param name="Cell">The cell that finds the tickets: of another study, or this one with other settings.</param>
/// <param name="Level">The level whose masks are taken; null for those of all levels.</param>
/// <param name="SeedOffset">What is added to a seed to get that of its mask.</param>
/// <param name="Weights">The initial weights.</param>
internal sealed record MaskTransfer(StudyCell Cell, int? Level, ulong SeedOffset, TransferredWeights Weights)
{
    /// <summary>The tickets that the masks of one seed come from.</summary>
    /// <param name="search">The search of <see cref="Cell"/> on its data.</param>
    /// <param name="data">Its data set.</param>
    /// <param name="seed">The seed that takes the masks.</param>
    /// <param name="runs">Where runs are kept.</param>
    /// <param name="progress">Receives the progress of runs.</param>
    /// <param name="device">Where they are trained; null for the processor.</param>
    public TransferSource Source(
        SearchDefinition search, Dataset data, ulong seed, IRunStore runs, IProgress<RunProgress>? progress, ITrainingDevice? device)
    {
        ulong other = seed + SeedOffset;
        return new((TicketSearch)search.CreateSearch(search.Split(data, other), runs, progress, device), other, Level, Weights);
    }

    /// <summary>What a cell's setting <c>mask</c> states.</summary>
    /// <param name="settings">The settings of the cell.</param>
    /// <param name="mask">That setting.</param>
    /// <param name="levels">The levels of the cell.</param>
    /// <exception cref="UserException">There is no such cell, or its settings contradict each other; the sentence names the location.</exception>
    internal static MaskTransfer Of(YamlMap settings, YamlMap mask, int levels)
    {
        int? level = mask["level"]?.Integer();
        if (level > levels)
            throw new UserException($"{mask["level"]!.Location.Subject("mask.level")} is {level}, and the search has {levels} levels; take a level that it has, or set prune.levels.");
        YamlMap from = mask["study"] is { } file ? OfStudy(file, mask) : OfCell(settings, mask["cell"] as YamlMap);
        // The tickets are found no further than their masks are taken.
        YamlNode deepest = SettingNodes.Write(level ?? levels).At(mask.Location);
        from = StudyTree.Merge(from, StudyTree.Path(["prune", "levels"], deepest), StudyShape.File);
        StudyCell cell = StudyCell.Of(from);
        if (cell.Masks is not null) throw new UserException($"{mask.Location}: mask takes the masks of a search that takes its own from a third one; name that one.");
        return new(cell, level, mask["seed-offset"]?.Unsigned() ?? 0, mask["weights"]?.Choice<TransferredWeights>() ?? TransferredWeights.Own);
    }

    private static YamlMap OfCell(YamlMap settings, YamlMap? other)
    {
        YamlMap from = settings.Without("mask", "start", "controls");
        YamlMap ticket = new([], SettingTree.Usual);
        foreach ((string key, string value) in ((string, string)[])[("mask1", "rewind"), ("mask0", "zero"), ("controls", "none")])
            ticket = ticket.With(key, SettingTree.Parse(value, SettingTree.Usual));
        if (settings.At("prune", "untrained") is not null)
            ticket = StudyTree.Merge(ticket, StudyTree.Path(["prune", "untrained"], SettingTree.Parse("false", SettingTree.Usual)), StudyShape.File);
        from = StudyTree.Merge(from, ticket, StudyShape.File);
        foreach ((YamlScalar key, YamlNode value) in other?.Entries ?? [])
            from = StudyTree.Merge(from, StudyTree.Path(StudyAxes.All.First(axis => axis.Name == key.Value).Path.AsSpan(), value), StudyShape.File);
        return from;
    }

    private static YamlMap OfStudy(YamlNode file, YamlMap mask)
    {
        string path = Path.Combine(Path.GetDirectoryName(file.Location.Source) ?? "", file.Text);
        Study study = Study.Read(path, new() { Scale = mask["scale"]?.Text });
        YamlMap wanted = mask["cell"] as YamlMap ?? new([], mask.Location);
        if (wanted.Entries.FirstOrDefault(entry => !study.Axes.Contains(entry.Key.Value)) is { } other)
            throw new UserException($"{other.Key.Location}: mask.cell names {other.Key.Value}, which is not an axis of {path}; leave it out.");
        StudyCell[] cells = [.. study.Cells.Where(cell => wanted.Entries.All(entry => cell.Values[study.Axes.IndexOf(entry.Key.Value)].Text == entry.Value.Text))];
        return cells switch
        {
            [var one] => one.Settings.Without("controls"),
            [] => throw new UserException($"{wanted.Location}: {path} has no cell with the values of mask.cell; see `lottery study plan {path}`."),
            _ when mask["cell"] is null => throw new UserException($"{mask.Location}: {path} has {cells.Length} cells; name one by its values as cell."),
            _ => throw new UserException($"{wanted.Location}: {cells.Length} cells of {path} have the values of mask.cell; add values that only one has."),
        };
    }
}
