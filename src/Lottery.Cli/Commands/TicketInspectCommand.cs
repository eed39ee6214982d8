using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Tickets;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>What is in a ticket; needs no data.</summary>
internal sealed class TicketInspectCommand(Terminal terminal)
    : TicketFileCommand("inspect", "Show what is in a ticket: layers, densities, bytes, where it comes from.", "lottery ticket inspect digits.ticket", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        string path = PathOf(parsed);
        var ticket = Ticket.Load(path);
        var size = TicketSize.Of(ticket);
        if (parsed.GetValue(Common.Json)) Write(Document(ticket, path, size));
        else Write([.. TextGrid.Lines([.. Facts(ticket, size)]), "", .. TextGrid.Lines([.. Layers(ticket)], false, false, true, true, true)]);
        return 0;
    }

    private static IEnumerable<string[]> Facts(Ticket ticket, TicketSize size)
    {
        Provenance from = ticket.Provenance;
        return
        [
            ["kind", TicketWords.Kind(ticket)],
            .. ticket.Recipe is { } recipe ? Told(recipe) : [],
            ["network", $"{ticket.Network.Name}, {NumberFormat.Count(ticket.Mask.Kept)} of {NumberFormat.Count(ticket.Network.PrunableCount)} weights, {NumberFormat.Density(ticket.Mask.Density)}"],
            ["size", $"{NumberFormat.Count(size.All)} bytes: header {NumberFormat.Count(size.Header)}, masks {NumberFormat.Count(size.Masks)}, values {NumberFormat.Count(size.Values)}; "
                + TicketWords.Smaller(ticket, size.All)],
            ["input", ticket.Scale.Numbers.SequenceEqual(PixelScale.Unit.Numbers) ? "bytes divided by 255" : $"bytes scaled by {ticket.Scale.Channels} channels of their own"],
            .. Known("classes", ticket.Classes.IsEmpty ? null : string.Join(", ", ticket.Classes)),
            .. Known("accuracy", from.Accuracy is { } measured ? TicketWords.Told(measured) : null),
            .. Known("trained", from.Trained is { } trained ? TicketWords.Told(trained) : null),
            .. Known("data", from.Data),
            .. Known("run", from.Run),
            .. Known("studies", from.Studies.IsEmpty ? null : string.Join(", ", from.Studies)),
        ];
    }

    private static IEnumerable<string[]> Told(Recipe recipe)
    {
        yield return ["seed", recipe.Seed.ToString(CultureInfo.InvariantCulture)];
        yield return ["rule", string.Join(", ", new[]
        {
            recipe.Mask1, recipe.Mask0, $"level {recipe.Level}", recipe.Fresh ? "fresh" : null, recipe.Rescale ? "rescaled" : null,
        }.OfType<string>())];
    }

    private static IEnumerable<string[]> Layers(Ticket ticket) =>
    [
        ["layer", "shape", "weights", "kept", "density"],
        .. ticket.Network.Parameters.Index().Where(one => one.Item.Prunable).Select(one => new[]
        {
            one.Item.Name, string.Join('×', one.Item.Shape), NumberFormat.Count(one.Item.Count), NumberFormat.Count(ticket.Mask[one.Index]!.Count()),
            NumberFormat.Density((double)ticket.Mask[one.Index]!.Count() / one.Item.Count),
        }),
    ];

    private static string[][] Known(string what, string? value) => value is null ? [] : [[what, value]];

    private static JsonObject Document(Ticket ticket, string path, TicketSize size)
    {
        JsonObject json = TicketWords.Json(ticket, path, size.All);
        json["header_bytes"] = size.Header;
        json["mask_bytes"] = size.Masks;
        json["value_bytes"] = size.Values;
        json["classes"] = Json.Array(ticket.Classes);
        json["studies"] = Json.Array(ticket.Provenance.Studies);
        json["data_sha256"] = ticket.Provenance.DataSha256;
        json["initial"] = KebabCase.Of(ticket.Network.Initial);
        json["recipe"] = ticket.Recipe is not { } recipe ? null : new JsonObject
        {
            ["seed"] = recipe.Seed, ["level"] = recipe.Level, ["mask1"] = recipe.Mask1, ["mask0"] = recipe.Mask0,
            ["fresh"] = recipe.Fresh, ["rescale"] = recipe.Rescale,
        };
        json["layers"] = new JsonArray([.. ticket.Network.Parameters.Index().Where(one => one.Item.Prunable).Select(one => (JsonNode)new JsonObject
        {
            ["name"] = one.Item.Name,
            ["shape"] = new JsonArray([.. one.Item.Shape.Select(length => (JsonNode)length)]),
            ["weights"] = one.Item.Count,
            ["kept"] = ticket.Mask[one.Index]!.Count(),
            ["density"] = (double)ticket.Mask[one.Index]!.Count() / one.Item.Count,
        })]);
        return json;
    }
}
