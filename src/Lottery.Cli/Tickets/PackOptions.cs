using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Networks;
using Lottery.Formats.Onnx;
using Lottery.Formats.Tensors;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>What is to be packed, resolved before the work starts.</summary>
/// <param name="DefaultName">The file's name if none is given.</param>
/// <param name="Data">The data that its accuracy is measured on.</param>
/// <param name="Pack">Creates the ticket.</param>
internal sealed record PackSource(string DefaultName, Dataset Data, Func<Ticket> Pack);

/// <summary>The options of <c>ticket pack</c>.</summary>
internal sealed class PackOptions
{
    private readonly Option<string?> _kind = new("--kind")
    {
        Description = "What is stored: recipe (mask and seed), trained (mask and values), or signed (mask, signs and one magnitude per layer). "
            + "[default: recipe; trained with --final]",
        HelpName = "recipe|trained|signed",
    };

    private readonly ChoiceOption<ValueFormat> _values = new(
        "--values", "How a trained ticket stores its values.", ("f32", ValueFormat.F32), ("f16", ValueFormat.F16), ("i8", ValueFormat.I8));

    private readonly ChoiceOption<bool> _weights = new(
        "--weights", "The weights at the early-stopping step, or after the last step.", ("best", false), ("final", true));

    private readonly Option<string?> _data =
        TicketData.Option("The data that its accuracy is measured on, if not found by name: a name, a folder, or folder:PATH.");

    private readonly Option<string?> _network = new("--network") { Description = "The network of --final; or an ONNX model, whose weights are packed.", HelpName = "NAME|FILE" };

    private readonly Option<string?> _final = new("--final")
    {
        Description = "Pretrained weights instead of a run: safetensors, npz, or a state dictionary saved by torch.save.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _mask = new("--mask")
    {
        Description = "The mask of --final. [default: its nonzero weights]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _map = new("--map")
    {
        Description = "Which layers or tensors of --final and --mask are which of the network, where names do not say so.",
        HelpName = "THEIRS=OURS,…",
    };

    private readonly RecalibrateOption _recalibrate = new("For --final or a model: estimate the statistics of batch normalization anew");

    private readonly ChoiceOption<Scaling> _scale = new(
        "--scale", "How the inputs of --final were scaled: bytes divided by 255, or mean 0 and standard deviation 1 in each channel.",
        ("unit", Scaling.Unit), ("mean-std", Scaling.MeanStd));

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [_kind, _values, _weights, _data, _network, _final, _mask, _map, _recalibrate.Option, _scale];

    /// <summary>What is to be packed.</summary>
    /// <param name="run">A run's id, or null.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="open">Opens the store.</param>
    /// <param name="say">Receives sentences on what was done to names, and on where the mask comes from.</param>
    /// <exception cref="UserException">The run or file does not exist, or options contradict each other.</exception>
    public PackSource Source(string? run, ParseResult parsed, Func<RunStore> open, Action<string> say)
    {
        string? final = parsed.GetValue(_final);
        bool isFile = final is not null || (parsed.GetValue(_network) is { } network && NetworkFile.IsModel(network));
        if (run is null != isFile)
            throw new UserException(run is null ? "RUN is missing; see `lottery ticket pack --help`."
                : $"A run and {(final is null ? "a model" : "--final")} are both given; give one of them.");
        if (isFile && Common.IsGiven(_weights, parsed))
            throw new UserException("--weights is for runs, and --final has one set of weights: leave it out.");
        PackRequest request = Request(parsed, isFile);
        return run is not null ? OfRun(open(), run, request, parsed) : OfFile(final, request, parsed, say);
    }

    private PackRequest Request(ParseResult parsed, bool isFile)
    {
        TicketKind kind = Choices.Find("--kind", parsed.GetValue(_kind) ?? (isFile ? "trained" : "recipe"),
            [("recipe", TicketKind.Recipe), ("trained", TicketKind.Trained), ("signed", TicketKind.Signed)]);
        if (kind != TicketKind.Trained && Common.IsGiven(_values, parsed))
            throw new UserException($"--values is for trained tickets, and this one is {KebabCase.Of(kind)}: add --kind trained.");
        return new() { Kind = kind, Format = _values.Of(parsed), Final = _weights.Of(parsed) };
    }

    private PackSource OfRun(RunStore store, string prefix, PackRequest request, ParseResult parsed)
    {
        if (new Option[] { _network, _mask, _map, _recalibrate.Option, _scale }.FirstOrDefault(option => Common.IsGiven(option, parsed)) is { } other)
            throw new UserException($"{other.Name} is for --final, and a run has its own: leave it out.");
        string id = store.Resolve(prefix);
        RunSummary summary = store.Summary(id);
        RunResult run = store.Load(id);
        Dataset data = TicketData.Of(run, summary.Data, parsed.GetValue(_data));
        return new(Named(summary.Network, id), data, () => TicketPacking.Of(run, request) with
        {
            Scale = data.Test.Scale,
            Classes = Classes(data, run.Mask.Network),
            Provenance = new()
            {
                Run = id,
                Studies = store.List().Single(record => record.Id == id).Studies,
                Data = summary.Data,
                DataSha256 = data.Sha256,
                Trained = TrainedOf(run, request.Final, data.Test.Count),
            },
        });
    }

    private PackSource OfFile(string? final, PackRequest request, ParseResult parsed, Action<string> say)
    {
        string? named = parsed.GetValue(_network);
        if (named is null || parsed.GetValue(_data) is not { } examples)
            throw new UserException($"{(final is null ? "A model" : "--final")} needs the network and the data that it was trained on: add {(named is null ? "--network and --data" : "--data")}.");
        (Network network, NetworkWeights weights) = WeightsOf(named, final, NameMap.Parse(parsed.GetValue(_map)));
        foreach (string note in weights.Notes) say(note);
        Mask mask = parsed.GetValue(_mask) is { } file ? MaskOf(file, network, parsed, say) : weights.Mask ?? Mask.Full(network);
        if (parsed.GetValue(_mask) is null && weights.MaskNote is { } from) say(from);
        Dataset data = DataSource.Load(examples).Split(0, 0, _scale.Of(parsed)).Dataset;
        string path = final ?? named;
        return new(Named(network.Name, Path.GetFileNameWithoutExtension(path)), data, () => TicketPacking.Of(mask, Recalibrated(mask, weights.Weights, data, parsed), request, path) with
        {
            Scale = data.Test.Scale,
            Classes = Classes(data, network),
            Provenance = new() { Data = data.Name, DataSha256 = data.Sha256 },
        });
    }

    /// <summary>A network and its weights: those of a file, or of the ONNX model that is named as the network.</summary>
    private static (Network, NetworkWeights) WeightsOf(string network, string? final, NameMap map)
    {
        if (final is not null)
        {
            Network named = NetworkFile.Get(network);
            return (named, NetworkWeights.Read(final, named, map));
        }
        OnnxModel model = OnnxReader.Read(network);
        return (model.Network, NetworkWeights.Of(network, model));
    }

    private Weights Recalibrated(Mask mask, Weights weights, Dataset data, ParseResult parsed) =>
        _recalibrate.Of(parsed) is { } batches ? Recalibration.Of(mask, weights, data.Train, batches) : weights;

    private Mask MaskOf(string path, Network network, ParseResult parsed, Action<string> say)
    {
        var read = NetworkMask.Read(path, network, NameMap.Parse(parsed.GetValue(_map)));
        foreach (string note in read.Notes) say(note);
        return read.Mask;
    }

    private static ImmutableArray<string> Classes(Dataset data, Network network) =>
        data.ClassNames.Length == network.Outputs ? data.ClassNames : [];

    /// <summary>The test accuracy of the trained weights; null for a run that trained no weights.</summary>
    private static MeasuredAccuracy? TrainedOf(RunResult run, bool final, int tested) =>
        run.Specification is { Supermask: null } and ({ Training.Steps: > 0 } or { IsPretrained: true })
            ? new((int)Math.Round((final ? run.Metrics.FinalAccuracy : run.Metrics.Accuracy) * tested), tested) : null;

    private static string Named(string network, string what) =>
        $"{string.Concat(network.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))}-{RunIdentity.Short(what)}.ticket";
}
