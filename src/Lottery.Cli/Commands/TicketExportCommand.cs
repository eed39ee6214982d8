using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Tickets;
using Lottery.Formats.Npz;
using Lottery.Formats.Onnx;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Store;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>A ticket or a run for other programs.</summary>
internal sealed class TicketExportCommand : StoreCommand
{
    private readonly Argument<string> _what = new("FILE|RUN") { Description = "A ticket, or a run's id or the beginning of one." };

    private readonly ChoiceOption<string> _to = new(
        "--to", "The format: a model that runs anywhere, or weights by name for PyTorch or NumPy.",
        ("onnx", "onnx"), ("safetensors", "safetensors"), ("npz", "npz"));

    private readonly ChoiceOption<bool> _weights = new(
        "--weights", "Of a run, weights at the early-stopping step, or after the last.", ("best", false), ("final", true));

    private readonly Option<string?> _data =
        TicketData.Option("Of a run that scales by mean and deviation, the examples that it was trained on, where they are not looked for.");

    private readonly OutputOption _output = new("The file to write.", required: true);

    public TicketExportCommand(Terminal terminal) : base("export", "Write a ticket's or a run's weights for other programs.",
        "lottery ticket export digits.ticket --to onnx -o digits.onnx", terminal)
    {
        Add(_what);
        foreach (Option option in (Option[])[_to, _weights, _data, .. _output.All]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        string what = parsed.GetValue(_what)!, path = _output.Of(parsed), format = _to.Of(parsed);
        Ticket ticket = File.Exists(what) ? Ticket.Load(what) : OfRun(what, parsed);
        byte[] bytes = format switch
        {
            "onnx" => OnnxWriter.Write(ticket.Weights, ticket.Scale, ticket.Classes),
            "npz" => NpzWriter.Write(NetworkTensors.Of(ticket.Weights)),
            _ => SafetensorsWriter.Write(NetworkTensors.Of(ticket.Weights)),
        };
        OutputOption.Write(path, bytes);
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["file"] = path, ["format"] = format, ["bytes"] = bytes.Length });
        else Write([$"{path} · {NumberFormat.Size(bytes.Length)}"]);
        return 0;
    }

    /// <summary>The run's weights as they are; its data are needed only where they say how bytes are scaled.</summary>
    private Ticket OfRun(string prefix, ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string id = store.Resolve(prefix);
        RunResult run = store.Load(id);
        PixelScale scale = run.Specification.Data.Scale == Scaling.Unit ? PixelScale.Unit
            : TicketData.Of(run, store.Document(id).Data, parsed.GetValue(_data)).Test.Scale;
        return TicketPacking.Of(run, new() { Kind = TicketKind.Trained, Final = _weights.Of(parsed) }) with { Scale = scale };
    }
}
