using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Networks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>What is packed, found before any of it is done.</summary>
/// <param name="UsualName">The file's name where none is given.</param>
/// <param name="Data">The examples that it is measured on.</param>
/// <param name="Make">Packs it.</param>
internal sealed record PackSource(string UsualName, Dataset Data, Func<Ticket> Make);

/// <summary>What packing can be told.</summary>
internal sealed class PackOptions
{
    private readonly Option<string?> _kind = new("--kind")
    {
        Description = "What its weights come from: recipe (mask and seed), trained (values), or signed (signs and one magnitude a layer). "
            + "[default: recipe; trained with --final]",
        HelpName = "recipe|trained|signed",
    };

    private readonly ChoiceOption<ValueFormat> _values = new(
        "--values", "How the values of a trained ticket are rounded.", ("f32", ValueFormat.F32), ("f16", ValueFormat.F16), ("i8", ValueFormat.I8));

    private readonly ChoiceOption<bool> _weights = new(
        "--weights", "Weights at the early-stopping step, or after the last.", ("best", false), ("final", true));

    private readonly Option<string?> _data =
        TicketData.Option("The examples that it is measured on, where they are not looked for: a name, a folder, or folder:PATH.");

    private readonly Option<string?> _network = new("--network") { Description = "The network of --final.", HelpName = "NAME" };

    private readonly Option<string?> _final = new("--final")
    {
        Description = "Instead of a run, weights that were trained elsewhere: safetensors with PyTorch's names, as in fc1.weight.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _mask = new("--mask")
    {
        Description = "The mask of --final; its weights that are not 0, if left out.",
        HelpName = "FILE",
    };

    private readonly ChoiceOption<Scaling> _scale = new(
        "--scale", "How --final was shown its images: bytes divided by 255, or with mean 0 and deviation 1 in each channel.",
        ("unit", Scaling.Unit), ("mean-std", Scaling.MeanStd));

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_kind, _values, _weights, _data, _network, _final, _mask, _scale];

    /// <summary>What is to be packed.</summary>
    /// <exception cref="UserException">It is not there, or options contradict each other.</exception>
    public PackSource Source(string? run, ParseResult parsed, Func<RunStore> open)
    {
        string? final = parsed.GetValue(_final);
        if (run is null == final is null)
            throw new UserException(run is null ? "RUN is missing; see lottery ticket pack --help." : "A run and --final are both given; pack one of them.");
        if (final is not null && Common.IsGiven(_weights, parsed))
            throw new UserException("--weights is for runs, and --final has one set of weights: leave it out.");
        PackRequest request = Request(parsed, final is not null);
        return run is not null ? OfRun(open(), run, request, parsed) : OfFile(final!, request, parsed);
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
        if (new Option[] { _network, _mask, _scale }.FirstOrDefault(option => Common.IsGiven(option, parsed)) is { } other)
            throw new UserException($"{other.Name} is for --final, and a run has its own: leave it out.");
        string id = store.Resolve(prefix);
        RunDocument document = store.Document(id);
        RunResult run = store.Load(id);
        Dataset data = TicketData.Of(run, document.Data, parsed.GetValue(_data));
        return new(Named(document.Network, id), data, () => TicketPacking.Of(run, request) with
        {
            Scale = data.Test.Scale,
            Classes = Classes(data, run.Mask.Network),
            Provenance = new()
            {
                Run = id,
                Studies = store.List().Single(record => record.Id == id).Studies,
                Data = document.Data,
                DataSha256 = data.Sha256,
                Trained = TrainedOf(run, request.Final, data.Test.Count),
            },
        });
    }

    private PackSource OfFile(string path, PackRequest request, ParseResult parsed)
    {
        if (parsed.GetValue(_network) is not { } named || parsed.GetValue(_data) is not { } examples)
            throw new UserException("--final needs the network and the examples that it was trained for: add --network and --data.");
        Network network = NetworkFile.Get(named);
        Weights weights = WeightsFile.Read(path, network);
        Mask mask = parsed.GetValue(_mask) is { } file ? MaskFile.Read(file, network) : Kept(weights);
        Dataset data = DataSource.Load(examples).Split(0, 0, _scale.Of(parsed)).Dataset;
        return new(Named(network.Name, Path.GetFileNameWithoutExtension(path)), data, () => TicketPacking.Of(mask, weights, request, path) with
        {
            Scale = data.Test.Scale,
            Classes = Classes(data, network),
            Provenance = new() { Data = data.Name, DataSha256 = data.Sha256 },
        });
    }

    /// <summary>The weights that are not 0; what a mask has pruned elsewhere is.</summary>
    private static Mask Kept(Weights weights)
    {
        return new(weights.Network, [.. weights.Network.Parameters.Select((parameter, p) => parameter.Prunable ? Bits(weights[p]) : null)]);

        static BitSet Bits(ReadOnlySpan<float> values)
        {
            var bits = new BitSet(values.Length);
            for (int i = 0; i < values.Length; i++) bits[i] = values[i] != 0;
            return bits;
        }
    }

    private static ImmutableArray<string> Classes(Dataset data, Network network) =>
        data.ClassNames.Length == network.Outputs ? data.ClassNames : [];

    /// <summary>What the trained weights reach; of a run that trained no weights, nothing.</summary>
    private static MeasuredAccuracy? TrainedOf(RunResult run, bool final, int tested) =>
        run.Specification is { Supermask: null } and ({ Training.Steps: > 0 } or { IsPretrained: true })
            ? new((int)Math.Round((final ? run.Metrics.FinalAccuracy : run.Metrics.Accuracy) * tested), tested) : null;

    private static string Named(string network, string what) =>
        $"{string.Concat(network.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))}-{RunIdentity.Short(what)}.ticket";
}
