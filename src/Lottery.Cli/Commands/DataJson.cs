using System.Text.Json.Nodes;
using Lottery.Data;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Commands;

/// <summary>A data set's state as JSON.</summary>
internal static class DataJson
{
    public static JsonNode Of(DatasetStatus status) => new JsonObject
    {
        ["set"] = status.Set.Name,
        ["title"] = status.Set.Title,
        ["licence"] = status.Set.Licence,
        ["classes"] = status.Set.Classes,
        ["origin"] = status.Location is { } location ? KebabCase.Of(location.Origin) : null,
        ["folder"] = status.Location?.Folder,
        ["whole"] = status.IsWhole,
        ["bytes"] = status.Bytes,
        ["files"] = new JsonArray([.. status.Files.Select(Of)]),
    };

    private static JsonNode Of(FileStatus file) => new JsonObject
    {
        ["name"] = file.Name,
        ["path"] = file.Path,
        ["bytes"] = file.Bytes,
        ["fault"] = file.Fault,
    };
}
