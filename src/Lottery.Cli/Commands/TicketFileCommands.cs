using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
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

/// <summary>Packs a run or pretrained weights into a ticket file.</summary>
internal sealed class TicketPackCommand : StoreCommand
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "A run's id, or the beginning of one; leave it out with --final.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly PackOptions _options = new();

    private readonly OutputOption _output = new("The file to write. [default: network and run, as in lenet-300-100-3f2a91c04b.ticket]");

    public TicketPackCommand(Terminal terminal) : base("pack", "Pack a run into a small file: a mask and a seed, or the trained weights.",
        "lottery ticket pack 3f2a --kind trained --values i8 -o digits.ticket", terminal)
    {
        Add(_run);
        foreach (Option option in (Option[])[.. _options.All, .. _output.All, Common.Jobs()]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        PackSource source = _options.Source(parsed.GetValue(_run), parsed, () => Open(parsed), Terminal.Say);
        string path = _output.FileOf(parsed, source.DefaultName);
        Ticket ticket = source.Pack();
        MeasuredAccuracy measured = TicketTest.Of(ticket, source.Data, Common.JobsOf(parsed));
        ticket = ticket with { Provenance = ticket.Provenance with { Accuracy = measured } };
        byte[] bytes = Checked(ticket);
        _output.Write(path, bytes);
        if (parsed.GetValue(Common.Json)) Write(TicketText.Json(ticket, path, bytes.Length));
        else Write(TextTable.OfFacts(Facts(ticket, path, bytes.Length, measured)));
        return 0;
    }

    /// <summary>The ticket's bytes, after reading them back: a reader may refuse a name in the header.</summary>
    private static byte[] Checked(Ticket ticket)
    {
        byte[] bytes = ticket.Write();
        try
        {
            if (Ticket.Read(bytes).Weights.Sha256 == ticket.Weights.Sha256) return bytes;
        }
        catch (InvalidDataException wrong)
        {
            throw new WorkFailedException($"The ticket could not be read back: {wrong.Message}", wrong);
        }
        throw new InvalidOperationException("a ticket that was read back has other weights");
    }

    private static string[][] Facts(Ticket ticket, string path, int bytes, MeasuredAccuracy measured) =>
        [
            ["file", path],
            ["kind", TicketText.Kind(ticket)],
            ["kept", $"{NumberFormat.Count(ticket.Mask.Kept)} of {NumberFormat.Count(ticket.Network.PrunableCount)} weights of {ticket.Network.Name}, density {NumberFormat.Density(ticket.Mask.Density)}"],
            ["size", $"{NumberFormat.Count(bytes)} bytes, {TicketText.Smaller(ticket, bytes)}"],
            ["accuracy", TicketText.Describe(ticket, measured)],
            .. ticket.Provenance.Trained is { } trained ? (string[][])[["trained", Compared(ticket, measured, trained)]] : [],
        ];

    private static string Compared(Ticket ticket, MeasuredAccuracy measured, MeasuredAccuracy trained)
    {
        string run = $"the run's {TicketText.Percent(trained.Value)} %";
        if (ticket.Kind == TicketKind.Recipe) return $"{run} after training; a recipe holds the ticket before training";
        int lost = trained.Correct - measured.Correct;
        return lost == 0 ? $"{run}, unchanged by packing"
            : $"{run}, {(lost > 0 ? "reduced" : "raised")} by packing by {Math.Abs(100.0 * lost / trained.Of).ToString("0.00", CultureInfo.InvariantCulture)} points";
    }
}

/// <summary>Writes a ticket's weights and mask for PyTorch.</summary>
internal sealed class TicketUnpackCommand : TicketFileCommand
{
    private const string Weights = "weights.safetensors", Mask = "mask.safetensors", Extension = ".safetensors";

    private readonly OutputOption _to = new(
        "A folder, for weights.safetensors and mask.safetensors; or a file that ends in .safetensors, for the weights only.",
        required: true, "--to", "DIR|FILE");

    public TicketUnpackCommand(Terminal terminal) : base("unpack", "Write a ticket's weights and mask as safetensors with PyTorch's names.",
        "lottery ticket unpack digits.ticket --to digits", terminal)
    {
        foreach (Option option in _to.All) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        var ticket = Ticket.Load(PathOf(parsed));
        string to = _to.ValueOf(parsed)!;
        (string Name, byte[] Content) weights = (Weights, SafetensorsWriter.Write(NetworkTensors.Of(ticket.Weights)));
        IReadOnlyList<string> files;
        if (to.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            files = [_to.FileOf(parsed)];
            _to.Write(to, weights.Content);
        }
        else files = _to.WriteAll(parsed, to, [weights, (Mask, SafetensorsWriter.Write(NetworkTensors.Of(ticket.Mask)))]);
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["files"] = Json.Array(files) });
        else Write(files);
        return 0;
    }
}

/// <summary>Exports a ticket or a run for other programs.</summary>
internal sealed class TicketExportCommand : StoreCommand
{
    private readonly Argument<string> _what = new("FILE|RUN") { Description = "A ticket file, or a run's id or the beginning of one." };

    private readonly ChoiceOption<string> _to = new(
        "--to", "The format: an ONNX model, or named weights for PyTorch or NumPy.",
        ("onnx", "onnx"), ("safetensors", "safetensors"), ("npz", "npz"));

    private readonly Option<bool> _compact = new("--compact") { Description = "With onnx: leave out dead units and channels, which no kept path from an input to a score crosses." };

    private readonly ChoiceOption<SparseLayout> _sparse = new(
        "--sparse", "Store kept weights alone: compressed rows or coordinates in safetensors, coordinates in onnx.",
        ("none", SparseLayout.Dense), ("csr", SparseLayout.Csr), ("coo", SparseLayout.Coo));

    private readonly ChoiceOption<bool> _weights = new(
        "--weights", "For a run: the weights at the early-stopping step, or after the last step.", ("best", false), ("final", true));

    private readonly Option<string?> _data =
        TicketData.Option("For a run with --scale mean-std: the data that it was trained on, if not found by name.");

    private readonly OutputOption _output = new("The file to write.", required: true);

    public TicketExportCommand(Terminal terminal) : base("export", "Write a ticket's or a run's weights for other programs.",
        "lottery ticket export digits.ticket --to onnx -o digits.onnx", terminal)
    {
        Add(_what);
        foreach (Option option in (Option[])[_to, _compact, _sparse, _weights, _data, .. _output.All]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        string what = parsed.GetValue(_what)!, path = _output.FileOf(parsed), format = _to.Of(parsed);
        Ticket ticket = File.Exists(what) ? Ticket.Load(what) : OfRun(what, parsed);
        RequireOptions(parsed, format);
        SparseLayout sparse = _sparse.Of(parsed);
        CompactNetwork? compact = parsed.GetValue(_compact) ? CompactNetwork.Of(ticket.Weights) : null;
        byte[] bytes = format switch
        {
            "onnx" when compact is not null => OnnxWriter.Write(compact, ticket.Weights, sparse == SparseLayout.Coo, ticket.Scale, ticket.Classes),
            "onnx" when sparse == SparseLayout.Coo => OnnxWriter.WriteSparse(ticket.Weights, ticket.Scale, ticket.Classes),
            "onnx" => OnnxWriter.Write(ticket.Weights, ticket.Scale, ticket.Classes),
            "npz" => NpzWriter.Write(NetworkTensors.Of(ticket.Weights)),
            _ => SafetensorsWriter.Write(SparseTensors.Of(ticket.Weights, ticket.Mask, sparse)),
        };
        _output.Write(path, bytes);
        (long before, long after) = (Values(ticket.Weights), Values(compact?.Small ?? ticket.Weights));
        if (parsed.GetValue(Common.Json))
            Write(new JsonObject { ["file"] = path, ["format"] = format, ["bytes"] = bytes.Length, ["values"] = after, ["dense_values"] = before });
        else Write($"{path} · {NumberFormat.Size(bytes.Length)}{(parsed.GetValue(_compact) ? $" · {Smaller(before, after)}" : "")}");
        return 0;
    }

    private void RequireOptions(ParseResult parsed, string format)
    {
        if (parsed.GetValue(_compact) && format != "onnx") throw new UserException("--compact is for models, and named weights keep their shapes; add --to onnx, or leave it out.");
        SparseLayout sparse = _sparse.Of(parsed);
        if (sparse == SparseLayout.Csr && format == "onnx") throw new UserException("--sparse csr is for safetensors, and ONNX has coordinates; use --sparse coo.");
        if (sparse != SparseLayout.Dense && format == "npz") throw new UserException("--sparse is for onnx and safetensors, and npz is compressed; leave it out.");
    }

    private static long Values(Weights weights) => weights.Network.Parameters.Sum(parameter => (long)parameter.Count);

    private static string Smaller(long before, long after) => before == after
        ? "no unit or channel is dead, so that it is no smaller"
        : $"{NumberFormat.Count((int)after)} of {NumberFormat.Count((int)before)} values, without dead units and channels ({((double)before / after).ToString("0.0", CultureInfo.InvariantCulture)} times fewer)";

    /// <summary>The run's weights as a ticket; its data are loaded only if the scaling of bytes depends on them.</summary>
    private Ticket OfRun(string prefix, ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string id = store.Resolve(prefix);
        RunResult run = store.Load(id);
        PixelScale scale = run.Specification.Data.Scale == Scaling.Unit ? PixelScale.Unit
            : TicketData.Of(run, store.Summary(id).Data, parsed.GetValue(_data)).Test.Scale;
        return TicketPacking.Of(run, new() { Kind = TicketKind.Trained, Final = _weights.Of(parsed) }) with { Scale = scale };
    }
}
