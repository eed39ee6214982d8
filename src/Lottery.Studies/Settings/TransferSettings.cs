using Lottery.Specifications;

namespace Lottery.Studies.Settings;

/// <summary>The settings of masks that are taken from the tickets of another search: the map <c>mask</c>.</summary>
internal static class TransferSettings
{
    /// <summary>All of them.</summary>
    public static MapShape Shape { get; } = new(
    [
        new("study", new TextShape("FILE"), "The study file whose tickets' masks are taken, relative to this one; if left out, the masks are those of a search with "
            + "this cell's settings, the actions rewind and zero, and `cell`."),
        new("scale", new TextShape("NAME"), "A scale of that file."),
        new("cell", new SharedShape(StudyAxes.CellName, () => StudyAxes.Cell.Of), "The cell of that file, by its values; without a file, settings in which the search that the masks come from differs."),
        new("level", new IntegerShape(1, 1_000), "The level whose masks are taken; if left out, each level takes those of its own."),
        new("seed-offset", new IntegerShape(0), "Each seed takes the mask of the seed that is larger by this; 0 if left out: its own."),
        new("weights", SettingRegistry.Choice<TransferredWeights>(), "The initial weights: the seed's own, or those of the ticket that the mask comes from; own if left out."),
    ]);
}
