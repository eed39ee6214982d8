using System.Text.Json.Nodes;

namespace Lottery.Report.Tables;

/// <summary>A table of masking as training as JSON: shares 0–1; null where there is no number.</summary>
internal static class MaskingTableJson
{
    /// <summary>An array with an object for each cell and level.</summary>
    public static JsonArray Of(MaskingTable table) => new([.. table.Rows.Select(row => Row(table, row))]);

    private static JsonNode Row(MaskingTable table, MaskingRow row)
    {
        JsonObject json = new() { ["level"] = row.Level, ["density"] = SearchTableJson.Number(row.Density) };
        foreach ((string axis, string value) in table.Axes.Zip(row.Values)) json[axis] = value;
        json["initial_accuracy"] = SearchTableJson.EstimateOf(row.InitialAccuracy);
        json["all"] = Shares(row.All);
        json["layers"] = new JsonObject(row.Layers.Select(layer => KeyValuePair.Create(layer.Layer, (JsonNode?)Shares(layer.Shares))));
        return json;
    }

    private static JsonObject Shares(MaskingShares shares) => new()
    {
        ["nearer"] = SearchTableJson.EstimateOf(shares.Pruned),
        ["random_mask"] = SearchTableJson.EstimateOf(shares.Random),
        ["difference"] = SearchTableJson.Paired(shares.Difference),
    };
}
