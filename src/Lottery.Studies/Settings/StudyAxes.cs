using System.Collections.Immutable;
using Lottery.Specifications;

namespace Lottery.Studies.Settings;

/// <summary>Something that can vary between the cells of a study.</summary>
/// <param name="Name">What the matrix calls it.</param>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Shape">What its values may be.</param>
internal sealed record Axis(string Name, ImmutableArray<string> Path, ValueShape Shape);

/// <summary>Everything that can vary.</summary>
internal static class StudyAxes
{
    /// <summary>Every setting of a cell by its path, and <c>schedule</c> for <c>prune.schedule</c>.</summary>
    public static ImmutableArray<Axis> All { get; } =
    [
        .. Below(SettingRegistry.Cell, []),
        new("schedule", ["prune", "schedule"], SettingRegistry.Choice<PruneSchedule>()),
    ];

    /// <summary>What the schema calls <see cref="Cell"/>.</summary>
    public const string CellName = "cell";

    /// <summary>A value for some of the axes, as <c>exclude</c> and <c>reference</c> have them.</summary>
    public static SharedShape Cell { get; } =
        new(CellName, () => new MapShape([.. All.Select(axis => new Setting(axis.Name, axis.Shape, "A value of this axis."))]));

    private static IEnumerable<Axis> Below(MapShape shape, ImmutableArray<string> path) => shape.Settings.SelectMany(setting =>
    {
        ImmutableArray<string> here = path.Add(setting.Key);
        Axis own = new(string.Join('.', here), here, setting.Key == "controls" ? new ControlsShape(IsAxis: true) : setting.Shape);
        return setting.MapOf() is { } map ? Below(map, here).Prepend(own) : [own];
    });
}
