using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Cli.Tickets;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Images;
using Lottery.Networks;
using Lottery.Prediction;
using Lottery.Report.Tables;
using Lottery.Studies.Tickets;
using Lottery.Tickets;
using Lottery.Training;

namespace Lottery.Cli.Commands;

/// <summary>Ticket files.</summary>
internal sealed class TicketCommand : Command
{
    public TicketCommand(Terminal terminal) : base("ticket", "Pack a ticket into a small file; inspect, verify, evaluate, use or convert one.")
    {
        Add(new TicketPackCommand(terminal));
        Add(new TicketInspectCommand(terminal));
        Add(new TicketVerifyCommand(terminal));
        Add(new TicketEvalCommand(terminal));
        Add(new TicketPredictCommand(terminal));
        Add(new TicketUnpackCommand(terminal));
        Add(new TicketExportCommand(terminal));
    }
}

/// <summary>A command that reads a ticket file; the file's checksum is verified first.</summary>
internal abstract class TicketFileCommand : LotteryCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "A ticket file." };

    protected TicketFileCommand(string name, string description, string example, Terminal terminal)
        : base(name, description, example, terminal) => Add(_file);

    /// <summary>The path of the file.</summary>
    protected string PathOf(ParseResult parsed) => parsed.GetValue(_file)!;
}

/// <summary>Shows the content of a ticket; needs no data.</summary>
internal sealed class TicketInspectCommand(Terminal terminal)
    : TicketFileCommand("inspect", "Show a ticket's layers, densities, size and provenance.", "lottery ticket inspect digits.ticket", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        string path = PathOf(parsed);
        var ticket = Ticket.Load(path);
        var size = TicketSize.Of(ticket);
        if (parsed.GetValue(Common.Json)) Write(Document(ticket, path, size));
        else
        {
            Write(TextTable.OfFacts(Facts(ticket, size)));
            Write("");
            Write(new TextTable(
                new Column("layer", ColumnKind.Whole), new("shape", ColumnKind.Whole), new("weights", ColumnKind.Number), new("kept", ColumnKind.Number),
                new("density", ColumnKind.Number)).Add(Layers(ticket)));
        }
        return 0;
    }

    private static IEnumerable<string[]> Facts(Ticket ticket, TicketSize size)
    {
        Provenance from = ticket.Provenance;
        return
        [
            ["kind", TicketText.Kind(ticket)],
            .. ticket.Recipe is { } recipe ? FactsOf(recipe) : [],
            ["network", $"{ticket.Network.Name}, {NumberFormat.Count(ticket.Mask.Kept)} of {NumberFormat.Count(ticket.Network.PrunableCount)} weights, density {NumberFormat.Density(ticket.Mask.Density)}"],
            ["size", $"{NumberFormat.Count(size.All)} bytes: header {NumberFormat.Count(size.Header)}, masks {NumberFormat.Count(size.Masks)}, values {NumberFormat.Count(size.Values)}; "
                + TicketText.Smaller(ticket, size.All)],
            ["input", ticket.Scale.Numbers.SequenceEqual(PixelScale.Unit.Numbers) ? "bytes divided by 255"
                : ticket.Scale.IsPerFeature(ticket.Network.Input) ? $"{ticket.Scale.Channels} numeric features, standardized" : $"bytes normalized by mean and standard deviation of {ticket.Scale.Channels} channels"],
            .. Fact("classes", ticket.Classes.IsEmpty ? null : string.Join(", ", ticket.Classes)),
            .. Fact("accuracy", from.Accuracy is { } measured ? TicketText.Describe(ticket, measured) : null),
            .. Fact("trained", from.Trained is { } trained ? TicketText.Describe(ticket, trained) : null),
            .. Fact("data", from.Data),
            .. Fact("run", from.Run),
            .. Fact("studies", from.Studies.IsEmpty ? null : string.Join(", ", from.Studies)),
        ];
    }

    private static IEnumerable<string[]> FactsOf(Recipe recipe)
    {
        yield return ["seed", recipe.Seed.ToString(CultureInfo.InvariantCulture)];
        yield return ["rule", string.Join(", ", new[]
        {
            recipe.Mask1, recipe.Mask0, $"level {recipe.Level}", recipe.Fresh ? "fresh" : null, recipe.Rescale ? "rescaled" : null,
        }.OfType<string>())];
    }

    private static IEnumerable<string[]> Layers(Ticket ticket) =>
        ticket.Network.Parameters.Index().Where(one => one.Item.Prunable).Select(one => new[]
        {
            one.Item.Name, string.Join('×', one.Item.Shape), NumberFormat.Count(one.Item.Count), NumberFormat.Count(ticket.Mask[one.Index]!.Count()),
            NumberFormat.Density((double)ticket.Mask[one.Index]!.Count() / one.Item.Count),
        });

    private static string[][] Fact(string what, string? value) => value is null ? [] : [[what, value]];

    private static JsonObject Document(Ticket ticket, string path, TicketSize size)
    {
        JsonObject json = TicketText.Json(ticket, path, size.All);
        json["header_bytes"] = size.Header;
        json["mask_bytes"] = size.Masks;
        json["value_bytes"] = size.Values;
        json["classes"] = Json.Array(ticket.Classes);
        json["studies"] = Json.Array(ticket.Provenance.Studies);
        json["data_sha256"] = ticket.Provenance.DataSha256;
        json["initial"] = ticket.Network.Initial.Name;
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

/// <summary>Verifies a ticket: its checksum, its regenerated weights and its recorded accuracy.</summary>
internal sealed class TicketVerifyCommand : TicketFileCommand
{
    private readonly Option<string?> _data = TicketData.Option("The data that its accuracy was measured on, if not found by name: a name, a folder, or folder:PATH.");

    public TicketVerifyCommand(Terminal terminal) : base("verify", "Verify a ticket's checksum, regenerate its weights, and measure its accuracy again.",
        "lottery ticket verify digits.ticket", terminal)
    {
        Add(_data);
        Add(Common.Jobs());
    }

    protected override int Run(ParseResult parsed)
    {
        string path = PathOf(parsed);
        var ticket = Ticket.Load(path);
        MeasuredAccuracy? recorded = ticket.Provenance.Accuracy;
        Dataset? data = recorded is null ? null : TicketData.Of(ticket, parsed.GetValue(_data));
        MeasuredAccuracy? measured = data is null ? null : TicketTest.Of(ticket, data, Common.JobsOf(parsed));
        if (parsed.GetValue(Common.Json))
            Write(new JsonObject { ["file"] = path, ["recorded"] = TicketText.Json(recorded), ["measured"] = TicketText.Json(measured), ["agrees"] = measured is null ? null : measured == recorded });
        if (measured is not null && measured != recorded)
            throw new WorkFailedException($"{path} records {TicketText.Describe(ticket, recorded!.Value)}, but its accuracy is {TicketText.Describe(ticket, measured.Value)}: it is not the ticket that was measured.");
        if (!parsed.GetValue(Common.Json)) 
            foreach (string sentence in Sentences(path, ticket, measured)) Write(sentence);
        return 0;
    }

    private static IEnumerable<string> Sentences(string path, Ticket ticket, MeasuredAccuracy? measured)
    {
        yield return $"{path} is intact: its checksum is right{(ticket.Kind == TicketKind.Recipe ? ", and its seed regenerates the recorded weights" : "")}.";
        yield return measured is { } accuracy ? $"Its recorded accuracy was reproduced: {TicketText.Describe(ticket, accuracy)} of {ticket.Provenance.Data}."
            : ticket.Provenance.Accuracy is null ? "It records no accuracy."
            : $"Its recorded accuracy ({TicketText.Describe(ticket, ticket.Provenance.Accuracy.Value)}) was not checked: {ticket.Provenance.Data ?? "its data"} was not found; name it with --data.";
    }
}

/// <summary>Measures a ticket's accuracy on the test examples of any data.</summary>
internal sealed class TicketEvalCommand : TicketFileCommand
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "The data whose test examples are used: a name from `lottery data list`, a folder, or folder:PATH.",
        HelpName = "NAME|PATH",
        Required = true,
    };

    private readonly RecalibrateOption _recalibrate = new("Measure also with the statistics of batch normalization estimated anew");

    public TicketEvalCommand(Terminal terminal) : base("eval", "Measure a ticket's accuracy on the test examples of any data set.",
        "lottery ticket eval digits.ticket --data mnist", terminal)
    {
        Add(_data);
        Add(_recalibrate.Option);
        Add(Common.Jobs());
    }

    protected override int Run(ParseResult parsed)
    {
        var ticket = Ticket.Load(PathOf(parsed));
        Dataset data = DataSource.Load(parsed.GetValue(_data)!);
        Terminal.SayNotes(data);
        MeasuredAccuracy measured = TicketTest.Of(ticket, data, Common.JobsOf(parsed));
        MeasuredAccuracy? recalibrated = _recalibrate.Of(parsed) is { } batches
            ? TicketTest.Of(Recalibration.Of(ticket, data, batches), data, Common.JobsOf(parsed)) : null;
        if (parsed.GetValue(Common.Json))
            Write(new JsonObject { ["data"] = data.Name, ["accuracy"] = TicketText.Json(measured), ["recalibrated"] = TicketText.Json(recalibrated) });
        else Write($"{TicketText.Describe(ticket, measured)} of {data.Name}.");
        if (recalibrated is { } other && !parsed.GetValue(Common.Json))
            Write($"{TicketText.Describe(ticket, other)} with the batch statistics of {_recalibrate.Of(parsed)} training batches of {BatchStatistics.Batch}.");
        return 0;
    }
}

/// <summary>Classifies an image with a ticket.</summary>
internal sealed class TicketPredictCommand : TicketFileCommand
{
    private const int ShownClasses = 5;

    private readonly Argument<string> _image = new("IMAGE") { Description = "A PNG, JPEG or PGM file of the network's input size." };

    public TicketPredictCommand(Terminal terminal) : base("predict", "Classify an image: the most probable classes.",
        "lottery ticket predict digits.ticket seven.png", terminal) => Add(_image);

    protected override int Run(ParseResult parsed)
    {
        var ticket = Ticket.Load(PathOf(parsed));
        if (ticket.Scale.IsPerFeature(ticket.Network.Input))
            throw new UserException($"The ticket takes {ticket.Scale.Channels} numeric features, not an image: measure it on a table with `lottery ticket eval`.");
        byte[] pixels = ImageInput.Read(parsed.GetValue(_image)!, ticket.Network.Input);
        var scores = new float[ticket.Network.Outputs];
        using (Predictor predictor = ticket.Predictor()) predictor.Scores(pixels, scores);
        (int Class, double Probability)[] best = [.. Probabilities(scores).Index().OrderByDescending(one => one.Item).Take(ShownClasses)];
        if (parsed.GetValue(Common.Json)) Write(Document(ticket, best));
        else Write(new TextTable(new Column("", ColumnKind.Whole), new("", ColumnKind.Number))
            .Add(best.Select(one => new[] { NameOf(ticket, one.Class), $"{TicketText.Percent(one.Probability)} %" })));
        return 0;
    }

    private static string NameOf(Ticket ticket, int number) =>
        ticket.Classes.IsEmpty ? number.ToString(CultureInfo.InvariantCulture) : ticket.Classes[number];

    private static JsonObject Document(Ticket ticket, (int Class, double Probability)[] best) => new()
    {
        ["class"] = best[0].Class,
        ["name"] = NameOf(ticket, best[0].Class),
        ["classes"] = new JsonArray([.. best.Select(one => (JsonNode)new JsonObject
        {
            ["class"] = one.Class, ["name"] = NameOf(ticket, one.Class), ["probability"] = one.Probability,
        })]),
    };

    /// <summary>Softmax; the largest score is subtracted first so that no exponential overflows.</summary>
    private static double[] Probabilities(float[] scores)
    {
        double largest = scores.Max();
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(one => one / sum)];
    }
}
