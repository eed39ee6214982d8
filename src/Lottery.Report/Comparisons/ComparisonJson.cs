using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;

namespace Lottery.Report.Comparisons;

/// <summary>A comparison as JSON: every row, every layer. Fractions and densities are 0–1; a value that is not finite is null.</summary>
internal static class ComparisonJson
{
    /// <summary>The object of one section.</summary>
    /// <param name="name">The section's name.</param>
    /// <param name="comparison">The comparison.</param>
    public static JsonObject Write(string name, RunComparison comparison) => new()
    {
        ["name"] = name,
        ["overlaps"] = new JsonArray([.. comparison.Overlaps.Select(Write)]),
        ["movement"] = new JsonArray([.. comparison.Movements.Select(row => Write(comparison.Axes, row))]),
        ["connections"] = new JsonArray([.. comparison.Connections.Select(row => Write(comparison.Axes, row))]),
    };

    private static JsonObject Write(OverlapRow row) => new()
    {
        ["between"] = KebabCase.Of(row.Kind),
        ["level"] = row.Level,
        ["density"] = TableJson.Write(row.Density),
        ["first"] = row.First,
        ["second"] = row.Second,
        ["second_level"] = row.SecondLevel,
        ["nested"] = row.IsNested,
        ["all"] = Write(row.All),
        ["layers"] = Named(row.Layers, Write),
    };

    private static JsonObject Write(PairOverlap pairs)
    {
        JsonObject json = TableJson.Write(pairs.Overlap);
        json["least"] = TableJson.Write(pairs.Least);
        json["most"] = TableJson.Write(pairs.Most);
        json["chance"] = TableJson.Write(pairs.Chance);
        return json;
    }

    private static JsonObject Write(ImmutableArray<RunField> axes, MovementRow row)
    {
        JsonObject json = Begin(axes, row.Condition, row.Values, row.Level, row.Density);
        json["all"] = Write(row.All);
        json["layers"] = Named(row.Layers, Write);
        return json;
    }

    private static JsonObject Write(Movements moved) => new()
    {
        ["kept"] = Write(moved.DenseKept), ["pruned"] = Write(moved.DensePruned), ["retrained"] = Write(moved.Own),
    };

    private static JsonObject Write(MovementEstimate moved) => new()
    {
        ["same_sign"] = TableJson.Write(moved.SameSign), ["flipped"] = TableJson.Write(moved.Flipped), ["distance"] = TableJson.Write(moved.Distance),
    };

    private static JsonObject Write(ImmutableArray<RunField> axes, ConnectionRow row)
    {
        JsonObject json = Begin(axes, row.Condition, row.Values, row.Level, row.Density);
        json["layer"] = row.Layer;
        json["weights"] = row.IsIncoming ? "incoming" : "outgoing";
        json["each"] = row.Replicates[0].Each;
        json["mean"] = TableJson.Write(row.Mean);
        json["least"] = row.Least;
        json["most"] = row.Most;
        json["unconnected"] = TableJson.Write(row.Unconnected);
        json["spread"] = TableJson.Write(row.Spread);
        json["units"] = new JsonArray([.. row.Replicates.SelectMany(one => one.Kept).CountBy(kept => kept).OrderBy(count => count.Key)
            .Select(count => new JsonObject { ["kept"] = count.Key, ["units"] = count.Value })]);
        return json;
    }

    private static JsonObject Begin(ImmutableArray<RunField> axes, string condition, ImmutableArray<string> values, int level, double density)
    {
        JsonObject json = new() { ["level"] = level, ["density"] = TableJson.Write(density), ["condition"] = condition };
        foreach ((RunField axis, string value) in axes.Zip(values)) json[axis.Name] = value == Labels.Absent ? null : value;
        return json;
    }

    private static JsonObject Named<T>(ImmutableArray<(string Name, T Value)> layers, Func<T, JsonObject> write) =>
        new(layers.Select(layer => KeyValuePair.Create(layer.Name, (JsonNode?)write(layer.Value))));
}
