using System.Text.Json.Nodes;

namespace Lottery.Studies.Store;

/// <summary>A specification in few words.</summary>
internal static class RunWords
{
    private static readonly string[] Usual = ["large-final", "rewind", "zero", "iterative"];

    /// <summary>Ticket or control, and what in it is not the paper's: <c>ticket (small-final)</c>; empty at level 0.</summary>
    public static string Treatment(JsonNode specification)
    {
        if (specification["level"]!.GetValue<int>() == 0) return "";
        string control = specification["control"]!.GetValue<string>();
        JsonNode? prune = specification["prune"];
        string[] own = [.. new[] { "criterion", "mask1", "mask0", "schedule" }
            .Select(part => (string?)prune?[part]).OfType<string>().Except(Usual)];
        return (control == "none" ? "ticket" : control) + (own.Length == 0 ? "" : $" ({string.Join(", ", own)})");
    }
}
