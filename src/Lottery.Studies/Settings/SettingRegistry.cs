using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using static Lottery.Studies.Settings.SettingNodes;

namespace Lottery.Studies.Settings;

/// <summary>Every setting. A new one is one entry here, and its use in the search.</summary>
internal static class SettingRegistry
{
    /// <summary>The most levels that a search can have.</summary>
    public const int MostLevels = 1_000;

    private const int MostReplicates = 1_000;

    private static readonly ValueShape s_rate = new NumberShape(Least: 0, Below: 1);

    /// <summary>What a cell of the matrix is made of: everything here can be an axis.</summary>
    public static MapShape Cell { get; } = new(
    [
        new("network", new NameShape("NAME|FILE", NetworkCatalogue.Names, name => NetworkFile.Get(name)),
            "A name from `lottery network list`, sizes as in mlp:784-300-100-10, a YAML file, or an ONNX model, whose weights are pretrained ones; with --from the ticket's own, if left out.")
        {
            Option = new("--network"),
            Read = (search, value) => search with { Network = NetworkFile.Get(value.Text) },
            Write = search => Write(FromCatalogue(search.Network)?.Name ?? "FILE.yaml"),
        },
        new("initial-distribution", new NameShape("NAME", [.. Names(InitialDistribution.All, one => one.Name), "normal(0.05)"], name => InitialDistribution.Get(name)),
            $"What initial weights are sampled from, instead of the network's own distribution: {List(InitialDistribution.All, one => one.Name)}, "
            + "or normal(σ) with the same standard deviation in every layer.")
        {
            Option = new("--initial-distribution"),
            Read = (search, value) => search with { Network = search.Network.With(InitialDistribution.Get(value.Text)) },
            Write = search => FromCatalogue(search.Network) is { } known && known.Initial == search.Network.Initial ? null : Write(search.Network.Initial.Name),
        },
        new("protocol", Choice<ProtocolChoice>(), "What is not stated: as in the papers, for the networks that they train (`lottery network show NAME`), or none, "
            + "the same defaults for every network.")
        {
            Default = "paper", Option = new("--protocol"),
        },
        new("data", DataSettings, "The examples.") { IsRequired = true },
        new("train", TrainingSettings.Shape, "How each level is trained.") { IsRequired = true },
        new("prune", PruneSettings, "How many levels, and how each is pruned; `levels` is required unless a supermask is learned.") { IsOfPruning = true },
        new("supermask", new MapShape(
        [
            new("weights", Choice<SupermaskWeights>(), "Learn a mask on fixed weights instead of pruning: which weights, initial if left out. By "
                + "default the scores are trained by SGD with learning rate 100, momentum 0.9 and batches of 250.")
            {
                Option = new("--supermask"),
                Read = (search, value) => search with { Supermask = (search.Supermask ?? new()) with { Weights = value.Choice<SupermaskWeights>() } },
                Write = search => search.Supermask is { } supermask ? Write(supermask.Weights) : null,
            },
            new("rescale", new BooleanShape(), "Multiply a layer's kept weights by its number of weights ÷ the number kept; false if left out.")
            {
                Option = new("--rescale") { Needs = "--supermask" },
                Read = (search, value) => search with { Supermask = (search.Supermask ?? new()) with { Rescale = value.Boolean() } },
                Write = search => search.Supermask is { } supermask ? Write(supermask.Rescale) : null,
            },
        ]), "Learn a mask on fixed weights instead of pruning."),
        new("criterion", new NameShape("NAME|EXPRESSION", Names(Criterion.All, one => one.Name), name => Criterion.Get(name)),
            $"The score by which weights are kept: {List(Criterion.All, one => one.Name)}; or an expression in wi and wf, as in \"abs(wf) - 0.5*abs(wi)\".")
        {
            Default = "large-final", IsOfPruning = true, Option = new("--criterion"),
            Read = (search, value) => search with { Criterion = Criterion.Get(value.Text) },
            Write = search => Write(search.Criterion.Name),
        },
        new("mask1", new NameShape("NAME", Names(Mask1.All, one => one.Name), name => Mask1.Get(name)),
            $"What kept weights become before a level is trained: {List(Mask1.All, one => one.Name)}.")
        {
            Default = "rewind", IsOfPruning = true, Option = new("--mask1"),
            Read = (search, value) => search with { Mask1 = Mask1.Get(value.Text) },
            Write = search => Write(search.Mask1.Name),
        },
        new("mask0", new NameShape("NAME", Names(Mask0.All, one => one.Name), name => Mask0.Get(name)),
            $"What pruned weights become: {List(Mask0.All, one => one.Name)}.")
        {
            Default = "zero", IsOfPruning = true, Option = new("--mask0"),
            Read = (search, value) => search with { Mask0 = Mask0.Get(value.Text) },
            Write = search => Write(search.Mask0.Name),
        },
        new("mask", new EitherShape(new TextShape("FILE|ID"), TransferSettings.Shape), "The initial mask, instead of a dense network: a file as "
            + "`lottery runs export` writes it, a npz or PyTorch file, or a run's id. In a study also the masks of another search's tickets, level by level and seed by seed.")
        {
            IsOfPruning = true, Option = new("--mask"),
        },
        new("start", new EitherShape(new TextShape("FILE"), new MapShape(
        [
            new("initial", new TextShape("FILE"), "Initial weights, instead of those of each seed: safetensors, npz, or a state dictionary saved by torch.save.")
            {
                Option = new("--initial"),
            },
            new("final", new TextShape("FILE"), "Pretrained weights: level 0 is not trained but pruned; zeros are its mask. Without initial weights each level goes on from where the "
                + "one before ended (mask1 is keep, unless stated), and no criterion can use wi.")
            {
                Option = new("--final"),
            },
            new("map", new TextShape("THEIRS=OURS,…"), "Which layers or tensors of these files are which of the network, as in net.0=fc1,net.2=output; "
                + "by default they are matched by name, or by order and shape if that is unique.")
            {
                Option = new("--map"),
            },
        ])), "A ticket to continue from: its network, mask and weights, the same for every seed. In a study also weights, as initial and final, with a map of names. "
            + "A study names files relative to its own.")
        {
            IsOfPruning = true, Option = new("--from") { ValueName = "FILE" },
        },
        new("controls", new ControlsShape(), "The controls that tickets are compared with; reinit=3 makes three draws of one, which are averaged before seeds are compared.")
        {
            Default = "none", IsOfPruning = true, Option = new("--controls"),
            Read = (search, value) => search with { Controls = ControlsShape.Read(value) },
            Write = search => ControlsShape.Write(search.Controls),
        },
    ]);

    /// <summary>The settings of a search: those of a cell, and its seeds.</summary>
    public static MapShape Search { get; } = new(
    [
        .. Cell.Settings,
        new("replicates", new IntegerShape(1, MostReplicates), "Searches with different seeds; at least 2 for an interval over seeds.")
        {
            Default = "5", Option = new("--replicates") { Default = "1" },
            Read = (search, value) => search with { Replicates = value.Integer() },
            Write = search => Write(search.Replicates),
        },
        new("seed", new IntegerShape(0, ulong.MaxValue), "The first replicate's seed; replicate r has seed + r.")
        {
            Default = "0", Option = new("--seed"),
            Read = (search, value) => search with { Seed = value.Unsigned() },
            Write = search => Write(search.Seed),
        },
    ]);

    private static MapShape DataSettings => new(
    [
        new("set", new NameShape("NAME|PATH", Names(KnownSet.All, set => set.Name), _ => { }), "A name from `lottery data list`, a file or folder, or folder:PATH for images.")
        {
            IsRequired = true, Option = new("--data") { IsRequired = true },
        },
        new("resize", new NameShape("HEIGHTxWIDTH", [], size => DataSource.RequireSize(size)), "The size that the images of folder:PATH are resized to, as in 32x32.")
        {
            Option = new("--resize"),
        },
        new("validation", new IntegerShape(1), "Training examples held out to find the early-stopping step.")
        {
            Default = "5000", Option = new("--validation"),
            Read = (search, value) => search with { Data = search.Data with { Validation = value.Integer() } },
            Write = search => Write(search.Data.Validation),
        },
        new("split-seed", new IntegerShape(0, ulong.MaxValue), "The seed that selects the examples held out, the same for all replicates; by default each replicate's own.")
        {
            Option = new("--split-seed"),
            Read = (search, value) => search with { Data = search.Data with { SplitSeed = value.Unsigned() } },
            Write = search => search.Data.SplitSeed is { } seed ? Write(seed) : null,
        },
        new("scale", Choice<Scaling>(), "How bytes become values: divided by 255, or standardized to mean 0 and standard deviation 1 in each channel.")
        {
            Default = "unit", Option = new("--scale"),
            Read = (search, value) => search with { Data = search.Data with { Scale = value.Choice<Scaling>() } },
            Write = search => Write(search.Data.Scale),
        },
        new("augment", new EitherShape(new ChoiceShape(["none"]), new ListShape(new ChoiceShape(Names(Augmentations.All, KebabCase.Of)))),
            "Random changes of training images: none, or a list of crop and flip.")
        {
            Option = new("--augment") { Default = "none" },
            Read = (search, value) => search with
            {
                Data = search.Data with { Augment = value is YamlList list ? Augmentations.Parse(list.Items.Select(item => item.Text)) : Augmentation.None },
            },
            Write = search => search.Data.Augment == Augmentation.None ? Write("none") : WriteList(search.Data.Augment.Names().Select(one => Write(one))),
        },
    ]);

    private static MapShape PruneSettings => new(
    [
        new("rate", new MapShape(
        [
            new("conv", s_rate, "Of convolutions."),
            new("fc", s_rate, "Of fully connected layers."),
            new("output", s_rate, "Of the output layer."),
        ]), "The fraction of the kept weights that a level removes, by kind of layer; kinds left out keep their default.")
        {
            Default = "{ conv: 0.1, fc: 0.2, output: 0.1 }", Option = new("--rate") { ValueName = "KIND=RATE,…" },
            Read = (search, value) => search with
            {
                Pruning = search.Pruning with { Conv = Rate(value, "conv"), Fc = Rate(value, "fc"), Output = Rate(value, "output") },
            },
            Write = search => search.Pruning.Threshold is not null ? null
                : WriteMap(("conv", Write(search.Pruning.Conv)), ("fc", Write(search.Pruning.Fc)), ("output", Write(search.Pruning.Output))),
        },
        new("allocation", new MapShape(
        [
            new("threshold", new NumberShape(), "The smallest score that is kept, instead of rates.")
            {
                IsRequired = true, Option = new("--threshold"),
                Read = (search, value) => search with { Pruning = search.Pruning with { Threshold = value.Number() } },
                Write = search => search.Pruning.Threshold is { } threshold ? Write(threshold) : null,
            },
        ]), "An alternative to rates."),
        new("levels", new IntegerShape(0, MostLevels), "The number of prunings; there is one training more.")
        {
            Option = new("--levels"),
            Read = (search, value) => search with { Pruning = search.Pruning with { Levels = value.Integer() } },
            Write = search => Write(search.Pruning.Levels),
        },
        new("to-density", new NumberShape(Below: 1, IsPositive: true), "As many levels as it takes to keep at most this fraction of the weights, instead of levels.")
        {
            Option = new("--to-density"),
            Read = (search, value) => search with { ToDensity = value.Number() },
        },
        new("scope", Choice<PruneScope>(), "Whether scores are compared within a layer or within the network.")
        {
            Default = "layer", Option = new("--scope"),
            Read = (search, value) => search with { Pruning = search.Pruning with { Scope = value.Choice<PruneScope>() } },
            Write = search => Write(search.Pruning.Scope),
        },
        new("schedule", Choice<PruneSchedule>(), "Whether a level is pruned from the level before or directly from the dense network.")
        {
            Default = "iterative", Option = new("--schedule"),
            Read = (search, value) => search with { Pruning = search.Pruning with { Schedule = value.Choice<PruneSchedule>() } },
            Write = search => Write(search.Pruning.Schedule),
        },
        new("rewind-to", new LengthShape(0), "The step (or epoch, as in 2ep) of the dense training that weights are rewound to.")
        {
            Default = "0", Option = new("--rewind-to"),
            Read = (search, value) => search with { Pruning = search.Pruning with { RewindTo = LengthShape.Number(value) } },
            Write = search => Write(search.Pruning.RewindTo),
        },
        new("untrained", new BooleanShape(), "Evaluate each mask on untrained weights (a supermask at initialization): one-shot, no training after level 0.")
        {
            Default = "false", Option = new("--untrained"),
            Read = (search, value) => search with { Pruning = search.Pruning with { Untrained = value.Boolean() } },
            Write = search => Write(search.Pruning.Untrained),
        },
    ], "rate", "allocation") { OtherAlternatives = ["levels", "to-density"] };

    private static decimal Rate(YamlNode rates, string kind) => ((YamlMap)rates)[kind]?.Decimal() ?? 0m;

    /// <summary>The network that its name stands for, which may have another initial distribution; null where the name stands for none.</summary>
    private static Network? FromCatalogue(Network network)
    {
        try
        {
            Network known = NetworkCatalogue.Get(network.Name);
            return known.With(network.Initial).Equals(network) ? known : null;
        }
        catch (UserException)
        {
            return null;
        }
    }

    internal static ChoiceShape Choice<T>() where T : struct, Enum => new(Names(Enum.GetValues<T>(), KebabCase.Of));

    private static ImmutableArray<string> Names<T>(IEnumerable<T> all, Func<T, string> name) => [.. all.Select(name)];

    private static string List<T>(IEnumerable<T> all, Func<T, string> name) => string.Join(", ", all.Select(name));
}
