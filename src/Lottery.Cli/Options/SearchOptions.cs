using System.CommandLine;
using Lottery.Actions;
using Lottery.Masks;
using Lottery.Specifications;

namespace Lottery.Cli.Options;

/// <summary>What a search can be told.</summary>
internal sealed class SearchOptions
{
    // No network has weights for more, and no study seeds; a mistyped zero should not fill the memory.
    private const int MostLevels = 1_000, MostReplicates = 1_000;

    public Option<string> Network { get; } = new("--network")
    {
        Description = "A name from `lottery network list`, or sizes as in mlp:784-300-100-10.",
        HelpName = "NAME",
    };

    public Option<string> Data { get; } = new("--data")
    {
        Description = "A name from `lottery data list`, a folder, or folder:PATH for images.",
        HelpName = "NAME|PATH",
        Required = true,
    };

    public Option<int> Validation { get; } = Values.Whole(
        "--validation", "Training examples held back to find the early-stopping step.", 1, 5_000);

    public ChoiceOption<Scaling> Scale { get; } = new(
        "--scale", "How bytes become values: divided by 255, or with mean 0 and deviation 1 in each channel.",
        ("unit", Scaling.Unit), ("mean-std", Scaling.MeanStd));

    public AugmentOption Augment { get; } = new();

    public Option<int?> Levels { get; } = Values.WholeOrNone(
        "--levels", "Prunings; one training more than that.", 0, MostLevels);

    public Option<int?> Epochs { get; } = Values.WholeOrNone(
        "--epochs", "Training's length in passes over the training examples.", 1);

    public Option<int?> Steps { get; } = Values.WholeOrNone(
        "--steps", "Training's length in steps, instead of --epochs.", 1);

    public Option<int> Evaluate { get; } = Values.Whole(
        "--evaluate", "Steps between two looks at the validation examples.", 1, 100);

    public Option<int> Batch { get; } = Values.Whole(
        "--batch", "Examples in a step.", 1, 60);

    public ChoiceOption<bool> Sgd { get; } = new(
        "--optimizer", "How a gradient moves a weight.", ("adam", false), ("sgd", true));

    public Option<double?> LearningRate { get; } = new("--lr")
    {
        Description = "The learning rate. [default: 0.0012 with adam, 0.1 with sgd]",
        HelpName = "RATE",
        CustomParser = argument => Values.Read("--lr", argument, "a number above 0", Values.Positive, 1.0),
    };

    public Option<double?> Momentum { get; } = Values.NumberOrNone(
        "--momentum", "The share of the last step that sgd takes again. [default: 0]", "a number of at least 0 and below 1", value => value is >= 0 and < 1);

    public Option<double?> WeightDecay { get; } = Values.NumberOrNone(
        "--weight-decay", "The share of a weight that sgd adds to its gradient. [default: 0]", "a number of at least 0", value => value >= 0);

    public StepsOption RateChanges { get; } = new("--lr-at", "Steps at which the learning rate is multiplied by --lr-factor.");

    public Option<double?> RateFactor { get; } = Values.NumberOrNone(
        "--lr-factor", "What the learning rate is multiplied by at each step of --lr-at. [default: 0.1]", "a number above 0", value => value > 0);

    public Option<int?> WarmUp { get; } = Values.WholeOrNone(
        "--warm-up", "Steps over which the learning rate rises from 0.", 1);

    public RateOption Rates { get; } = new();

    public Option<double?> Threshold { get; } = Values.NumberOrNone(
        "--threshold", "The smallest score that stays, instead of --rate.", "a number", _ => true);

    public NamedOption<Criterion> Criterion { get; } = new(
        "--criterion", "NAME|EXPRESSION",
        "The score by which weights are kept: "
        + $"{string.Join(", ", Masks.Criterion.All.Select(criterion => criterion.Name))}; "
        + "or an expression in wi and wf, as in \"abs(wf) - 0.5*abs(wi)\".",
        Masks.Criterion.LargeFinal.Name, Masks.Criterion.Get);

    public NamedOption<Mask1> Mask1 { get; } = new(
        "--mask1", "NAME", "What kept weights become before a level trains: "
        + $"{string.Join(", ", Actions.Mask1.All.Select(action => action.Name))}.",
        Actions.Mask1.Rewind.Name, Actions.Mask1.Get);

    public NamedOption<Mask0> Mask0 { get; } = new(
        "--mask0", "NAME", "What pruned weights become: "
        + $"{string.Join(", ", Actions.Mask0.All.Select(action => action.Name))}.",
        Actions.Mask0.Zero.Name, Actions.Mask0.Get);

    public ChoiceOption<PruneSchedule> Schedule { get; } = new(
        "--schedule", "Whether a level is cut from the level before or from the dense network.",
        ("iterative", PruneSchedule.Iterative), ("one-shot", PruneSchedule.OneShot));

    public ChoiceOption<PruneScope> Scope { get; } = new(
        "--scope", "Whether scores compete within a layer or within the network.",
        ("layer", PruneScope.Layer), ("network", PruneScope.Network));

    public Option<int> RewindTo { get; } = Values.Whole(
        "--rewind-to", "The step of the dense training that weights are rewound to.", 0, 0);

    public Option<bool> Untrained { get; } = new("--untrained")
    {
        Description = "Evaluate each mask on untrained weights (a supermask at initialization): one-shot, no training after level 0.",
    };

    public Option<string?> Supermask { get; } = new("--supermask")
    {
        Description = "Learn a mask on weights that never move, instead of pruning: initial or signed-constant weights. Unless told "
            + "otherwise by SGD at a rate of 100 with momentum 0.9, in batches of 250.",
        HelpName = "WEIGHTS",
    };

    public Option<bool> Rescale { get; } = new("--rescale")
    {
        Description = "Multiply the weights of a learned supermask by those of their layer ÷ those that are kept.",
    };

    public Option<string?> Mask { get; } = new("--mask")
    {
        Description = "A mask to begin with instead of a dense network: a safetensors file as `lottery runs export` writes it, or a run's id.",
        HelpName = "FILE|ID",
    };

    public Option<string?> From { get; } = new("--from")
    {
        Description = "A ticket to go on from instead of --network: its network, mask and weights, the same for every seed.",
        HelpName = "FILE",
    };

    public Option<string?> Initial { get; } = new("--initial")
    {
        Description = "Initial weights instead of those that the seed draws: safetensors with PyTorch's names, as in fc1.weight.",
        HelpName = "FILE",
    };

    public Option<string?> Final { get; } = new("--final")
    {
        Description = "Weights that were trained elsewhere: level 0 is not trained but pruned. Without --initial levels go on "
            + "from these weights, and no criterion can look at wi.",
        HelpName = "FILE",
    };

    public ControlsOption Controls { get; } = new();

    public Option<int> Replicates { get; } = Values.Whole(
        "--replicates", "Searches with other seeds; two at least for an interval over seeds.",
        1, 1, MostReplicates);

    /// <summary>All of them, in the order in which the help lists them.</summary>
    public IEnumerable<Option> All =>
    [
        Network, Data, Validation, Scale, Augment, Levels, Epochs, Steps, Evaluate, Batch, Sgd, LearningRate, Momentum, WeightDecay,
        RateChanges, RateFactor, WarmUp, Rates, Threshold, Criterion, Mask1, Mask0, Schedule, Scope, RewindTo, Untrained, Mask,
        From, Initial, Final, Supermask, Rescale, Controls, Replicates,
    ];
}
