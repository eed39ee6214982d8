using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Reports;
using Lottery.Formats.Safetensors;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>A ticket's weights and mask for PyTorch.</summary>
internal sealed class TicketUnpackCommand : TicketFileCommand
{
    private const string Weights = "weights.safetensors", Mask = "mask.safetensors", Extension = ".safetensors";

    private readonly Option<string> _to = new("--to")
    {
        Description = "A folder, for weights.safetensors and mask.safetensors; or a file that ends in .safetensors, for the weights alone.",
        HelpName = "DIR|FILE",
        Required = true,
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that are there already." };

    public TicketUnpackCommand(Terminal terminal) : base("unpack", "Write a ticket's weights and mask as safetensors, named as PyTorch does it.",
        "lottery ticket unpack digits.ticket --to digits", terminal)
    {
        Add(_to);
        Add(_force);
    }

    protected override int Run(ParseResult parsed)
    {
        var ticket = Ticket.Load(PathOf(parsed));
        string to = parsed.GetValue(_to)!;
        (string Name, byte[] Content) weights = (Weights, SafetensorsWriter.Write(NetworkTensors.Of(ticket.Weights)));
        IReadOnlyList<string> files;
        if (to.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            RequireFree(parsed, to);
            ReportOutput.Write(to, weights.Content, _to.Name);
            files = [to];
        }
        else
        {
            RequireFree(parsed, Path.Combine(to, Weights), Path.Combine(to, Mask));
            files = ReportOutput.WriteAll(to, [weights, (Mask, SafetensorsWriter.Write(NetworkTensors.Of(ticket.Mask)))], _to.Name);
        }
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["files"] = Json.Array(files) });
        else Write(files);
        return 0;
    }

    private void RequireFree(ParseResult parsed, params string[] paths)
    {
        if (!parsed.GetValue(_force) && paths.FirstOrDefault(File.Exists) is { } there)
            throw new UserException($"{there} is there already; name another place with --to, or replace it with --force.");
    }
}
