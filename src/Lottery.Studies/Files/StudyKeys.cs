using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Formats.Networks;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Studies.Files;

/// <summary>Every key of a study file, what its value may be, and its default.</summary>
internal static class StudyKeys
{
    /// <summary>What keys that are left out stand for.</summary>
    public const string Defaults =
        """
        data: { validation: 5000, scale: unit }
        train:
          optimizer: { adam: { lr: 1.2e-3 } }
          schedule: constant
          batch: 60
          evaluate: { every: 100 }
        prune: { rate: { conv: 0.1, fc: 0.2, output: 0.1 }, scope: layer, schedule: iterative, rewind-to: 0, untrained: false }
        criterion: large-final
        mask1: rewind
        mask0: zero
        controls: none
        replicates: 5
        seed: 0
        """;

    /// <summary>What is different where a mask is learned: the paper's training of scores.</summary>
    public const string SupermaskDefaults = "train: { optimizer: { sgd: { lr: 100, momentum: 0.9 } }, batch: 250 }";

    /// <summary>Keys that have no meaning where a mask is learned.</summary>
    public static ImmutableArray<string> OfPruning { get; } = ["prune", "criterion", "mask1", "mask0", "mask", "start", "controls"];

    private static readonly Shape Rate = new NumberShape(ZeroToo: true, Below: 1);

    private static readonly Shape OneControl = Choice<Control>();

    /// <summary>What a cell of the matrix is made of: everything here can be an axis.</summary>
    public static MapShape Settings { get; } = new(
    [
        new("network", new NameShape(NetworkCatalogue.Names, name => NetworkFile.Get(name)),
            "A name from `lottery network list`, or mlp:784-300-100-10.", IsRequired: true),
        new("data", new MapShape(
        [
            new("set", new NameShape([.. KnownSet.All.Select(set => set.Name)], _ => { }),
                "A name from `lottery data list`, a folder, or folder:PATH for images.", IsRequired: true),
            new("validation", new WholeShape(1), "Training examples held back to find the early-stopping step."),
            new("scale", Choice<Scaling>(), "How bytes become values."),
            new("augment", new EitherShape(
                new ChoiceShape([KebabCase.Of(Augmentation.None)]),
                new ListShape(new ChoiceShape([.. Augmentations.All.Select(KebabCase.Of)]))),
                "How images are changed each time they are trained on: none, or a list of changes."),
        ]), "The examples.", IsRequired: true),
        new("train", new MapShape(
        [
            new("optimizer", new MapShape(
            [
                new("adam", new MapShape([new("lr", new NumberShape(), "The learning rate.", IsRequired: true)]), "Adam."),
                new("sgd", new MapShape(
                [
                    new("lr", new NumberShape(), "The learning rate.", IsRequired: true),
                    new("momentum", new NumberShape(ZeroToo: true, Below: 1),
                        "The share of the last step that is taken again; 0 if left out."),
                    new("weight-decay", new NumberShape(ZeroToo: true),
                        "The share of a weight that is added to its gradient; 0 if left out."),
                ]), "Stochastic gradient descent."),
            ], "adam", "sgd"), "How a gradient moves a weight."),
            new("schedule", new EitherShape(new ChoiceShape(["constant"]), new MapShape(
            [
                new("steps", new MapShape(
                [
                    new("at", new ListShape(new WholeShape(1)), "Steps at which the rate changes, ascending.", IsRequired: true),
                    new("factor", new NumberShape(), "What it is multiplied by there.", IsRequired: true),
                ]), "The rate changes at some steps."),
                new("warm-up", new WholeShape(1), "Steps over which the rate rises from 0."),
            ])), "How the learning rate changes."),
            new("batch", new WholeShape(1), "Examples in a step."),
            new("steps", new WholeShape(1), "Steps of a training."),
            new("epochs", new WholeShape(1), "Length of a training in passes over the training examples, instead of steps."),
            new("evaluate", new MapShape(
            [
                new("every", new WholeShape(1), "Steps between two looks at the validation examples.", IsRequired: true),
            ]), "When it is evaluated."),
        ], "steps", "epochs"), "How each level is trained.", IsRequired: true),
        new("prune", new MapShape(
        [
            new("rate", new MapShape(
            [
                new("conv", Rate, "Of convolutions."),
                new("fc", Rate, "Of fully connected layers."),
                new("output", Rate, "Of the output layer."),
            ]), "The share of the kept weights that a level removes."),
            new("allocation", new MapShape(
            [
                new("threshold", new AnyNumberShape(), "The smallest score that stays.", IsRequired: true),
            ]), "Another way than rates to say which weights go."),
            new("levels", new WholeShape(0, 1_000), "Prunings; one training more than that."),
            new("scope", Choice<PruneScope>(), "Where scores compete."),
            new("schedule", Choice<PruneSchedule>(), "What a level is cut from: the level before, or the dense network."),
            new("rewind-to", new WholeShape(0), "The step of the dense training that weights are rewound to."),
            new("untrained", new TruthShape(), "Whether masks are evaluated on weights that are not trained, one-shot."),
        ], "rate", "allocation"), "How deep and how fast; every search by pruning needs its levels."),
        new("supermask", new MapShape(
        [
            new("weights", Choice<SupermaskWeights>(), "The weights that it is put on; initial if left out."),
            new("rescale", new TruthShape(), "Whether kept weights are multiplied by their layer's ÷ those kept; false if left out."),
        ]), "A mask is learned on weights that never move, instead of pruning."),
        new("criterion", new NameShape([.. Criterion.All.Select(one => one.Name)], name => Criterion.Get(name)),
            "The score by which weights are kept."),
        new("mask1", new NameShape([.. Mask1.All.Select(one => one.Name)], name => Mask1.Get(name)),
            "What kept weights become before a level trains."),
        new("mask0", new NameShape([.. Mask0.All.Select(one => one.Name)], name => Mask0.Get(name)),
            "What pruned weights become."),
        new("mask", new TextShape(), "A mask to begin with: a safetensors file, or a run's id; dense, if left out."),
        new("start", new EitherShape(new TextShape(), new MapShape(
        [
            new("initial", new TextShape(), "Initial weights, a safetensors file with PyTorch's names; those of the seed if left out."),
            new("final", new TextShape(), "Weights that were trained elsewhere, so that level 0 is not trained but pruned."),
        ])), "A ticket to go on from, or weights to begin with instead of those that a seed draws; files are named from where the study's own lies."),
        new("controls", new EitherShape(OneControl, new ListShape(OneControl)), "What tickets are compared with."),
    ]);

    /// <summary>What can vary: every key of <see cref="Settings"/> by its path, and <c>schedule</c> for <c>prune.schedule</c>.</summary>
    public static ImmutableArray<Axis> Axes { get; } =
    [
        .. Below(Settings, []),
        new("schedule", ["prune", "schedule"], Choice<PruneSchedule>()),
    ];

    /// <summary>What the schema writes once.</summary>
    public static ImmutableArray<SharedShape> Shared { get; } =
        [new("cell", new MapShape([.. Axes.Select(axis => new Key(axis.Name, axis.Shape, "A value of this axis."))]))];

    /// <summary>What a scale may lay over a file.</summary>
    public static MapShape Scale { get; } = new(
    [
        .. Settings.Partial().Keys,
        new("matrix", Matrix, "Axes whose product are the study's cells."),
        new("exclude", new ListShape(Shared[0]), "Cells that are left out: those that have all of these values."),
        new("reference", Shared[0], "The cell that others are compared with; the first, if left out."),
        new("replicates", new WholeShape(1, 1_000), "How many seeds; two at least for an interval over seeds."),
        new("seed", new WholeShape(0, ulong.MaxValue), "The first replicate's seed; replicate r has seed + r."),
    ]);

    /// <summary>A whole file.</summary>
    public static MapShape File { get; } = new(
    [
        new("study", new NameShape([], name => StudyLists.Checked(name)),
            "The study's name: lower-case letters, digits, dots and hyphens.", IsRequired: true),
        new("about", new TextShape(), "What it is about, in a sentence."),
        .. Settings.Keys,
        .. Scale.Keys.Skip(Settings.Keys.Length),
        new("scales", new NamedShape(new SharedShape("scale", Scale)), "Overrides by name, for `--scale NAME`."),
    ]);

    private static MapShape Matrix =>
        new([.. Axes.Select(axis => new Key(axis.Name, new ListShape(axis.Shape), "The values of this axis."))]);

    private static ChoiceShape Choice<T>() where T : struct, Enum => new([.. Enum.GetValues<T>().Select(KebabCase.Of)]);

    private static IEnumerable<Axis> Below(MapShape shape, ImmutableArray<string> path) => shape.Keys.SelectMany(key =>
    {
        ImmutableArray<string> here = path.Add(key.Name);
        Axis own = new(string.Join('.', here), here, key.Name == "controls" ? OneControl : key.Shape);
        return key.Shape is MapShape map ? Below(map, here).Prepend(own) : [own];
    });
}

/// <summary>Something that can vary.</summary>
/// <param name="Name">What the matrix calls it.</param>
/// <param name="Path">The keys that lead to it.</param>
/// <param name="Shape">What its values may be.</param>
internal sealed record Axis(string Name, ImmutableArray<string> Path, Shape Shape);
