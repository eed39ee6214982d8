using System.Collections.Immutable;
using Lottery.Formats.Yaml;
using Lottery.Search;
using Lottery.Specifications;
using static Lottery.Studies.Settings.SettingNodes;

namespace Lottery.Studies.Settings;

/// <summary>The settings of a training: the map <c>train</c>.</summary>
internal static class TrainingSettings
{
    /// <summary>All of them.</summary>
    public static MapShape Shape { get; } = new(
    [
        new("epochs", new IntegerShape(1), "Length of a training in passes over the training examples.")
        {
            Option = new("--epochs"),
            Read = (search, value) => search with { Epochs = value.Integer() },
            Write = search => search.Epochs is { } epochs ? Write(epochs) : null,
        },
        new("steps", new IntegerShape(1), "Length of a training in steps, instead of epochs.")
        {
            Option = new("--steps"),
            Read = (search, value) => With(search, search.Training with { Steps = value.Integer() }),
            Write = search => search.Epochs is null && search.Training.Steps > 0 ? Write(search.Training.Steps) : null,
        },
        new("evaluate", new MapShape(
        [
            new("every", new LengthShape(1), "Steps between two evaluations on the validation examples.")
            {
                IsRequired = true, Default = "100", Option = new("--evaluate"),
                Read = (search, value) => With(search, search.Training with { Evaluate = LengthShape.Number(value) }),
                Write = search => Write(search.Training.Evaluate),
            },
            new("test-at", new ListShape(new LengthShape(0)), "Steps (or epochs) at which the test set is evaluated too, besides the early-stopping and the last step.")
            {
                Option = new("--test-at") { ValueName = "STEP,…" },
                Read = (search, value) => Measure(search, search.Training.Measurements with { TestAt = [.. value.Items().Select(LengthShape.Number).Distinct().Order()] }),
                Write = search => search.Training.Measurements.TestAt is { IsEmpty: false } steps ? WriteList(steps.Select(step => Write(step))) : null,
            },
            new("training", new IntegerShape(1, Word: "all"), "Examples, of those trained on, that the training accuracy is measured on: a number, or all.")
            {
                Default = "5000", Option = new("--training-sample"),
                Read = (search, value) => Measure(search, search.Training.Measurements with { TrainingSample = value.Text == "all" ? null : value.Integer() }),
                Write = search => search.Training.Measurements.TrainingSample is { } sample ? Write(sample) : Write("all"),
            },
        ]), "When a training is evaluated."),
        new("batch", new IntegerShape(1), "Examples in a step.")
        {
            Default = "60", SupermaskDefault = "250", Option = new("--batch"),
            Read = (search, value) => With(search, search.Training with { Batch = value.Integer() }),
            Write = search => Write(search.Training.Batch),
        },
        new("optimizer", new MapShape(
        [
            new("adam", new MapShape([LearningRate("1.2e-3")]), "Adam."),
            new("adamw", new MapShape(
            [
                LearningRate("1e-3"), WeightDecay("0.01"),
            ]), "Adam with decoupled weight decay."),
            new("sgd", new MapShape(
            [
                LearningRate("0.1"),
                new("momentum", new NumberShape(Least: 0, Below: 1), "The momentum of sgd: the fraction of the previous update that is added; 0 if left out.")
                {
                    Option = new("--momentum"),
                },
                new("nesterov", new BooleanShape(), "Nesterov's momentum for sgd, as PyTorch has it; it needs a momentum.") { Option = new("--nesterov") },
                WeightDecay("0"),
            ]), "Stochastic gradient descent."),
        ], "adam", "adamw", "sgd"), "The optimizer.")
        {
            Default = "{ adam: { lr: 1.2e-3 } }", SupermaskDefault = "{ sgd: { lr: 100, momentum: 0.9 } }", Option = new("--optimizer"),
            Read = (search, value) => With(search, search.Training with { Optimizer = ReadOptimizer((YamlMap)value) }),
            Write = search => WriteOptimizer(search.Training.Optimizer),
        },
        new("schedule", new EitherShape(new ChoiceShape(["constant"]), new MapShape(
        [
            new("steps", new MapShape(
            [
                new("at", new EitherShape(new ChoiceShape(["none"]), new ListShape(new LengthShape(1))), "Steps (or epochs, as in 80ep) at which "
                    + "the learning rate is multiplied by a factor, in ascending order; none for a rate that does not change.")
                {
                    IsRequired = true, Option = new("--lr-at") { ValueName = "STEP,…" },
                },
                new("factor", NumberShape.Positive, "What the learning rate is multiplied by at each of these steps.")
                {
                    IsRequired = true, Option = new("--lr-factor") { Default = "0.1", Needs = "--lr-at" },
                },
            ]), "The learning rate changes at some steps."),
            new("cosine", new MapShape(
            [
                new("to", new NumberShape(Least: 0), "Let the learning rate fall along half a period of a cosine, over all steps after the warm-up, to this fraction of it; 0 in most papers.")
                {
                    IsRequired = true, Option = new("--lr-cosine") { ValueName = "FRACTION" },
                },
            ]), "The learning rate falls along a cosine."),
            new("warm-up", new LengthShape(0), "Steps (or epochs) over which the learning rate rises linearly from 0.") { Option = new("--warm-up") },
        ], "steps", "cosine")), "How the learning rate changes.")
        {
            Default = "constant",
            Read = (search, value) => With(search, search.Training with { Schedule = ReadSchedule(value as YamlMap) }),
            Write = search => WriteSchedule(search.Training.Schedule),
        },
        new("order-seed", new IntegerShape(0, ulong.MaxValue), "The seed of the order and the augmentation of the examples, the same for all replicates; by default each replicate's own.")
        {
            Option = new("--order-seed"),
            Read = (search, value) => With(search, search.Training with { OrderSeed = value.Unsigned() }),
            Write = search => search.Training.OrderSeed is { } seed ? Write(seed) : null,
        },
    ], "epochs", "steps");

    private static Setting LearningRate(string usual) => new("lr", NumberShape.Positive, "The learning rate.")
    {
        IsRequired = true, Option = new("--lr") { Default = usual },
    };

    private static Setting WeightDecay(string usual) => new("weight-decay", new NumberShape(Least: 0),
        "The weight decay: of sgd the fraction of a weight that is added to its gradient, of adamw the fraction, times the learning rate, by which a step shrinks a weight.")
    {
        Option = new("--weight-decay") { Default = usual },
    };

    private static SearchDefinition With(SearchDefinition search, TrainingSpecification training) => search with { Training = training };

    private static SearchDefinition Measure(SearchDefinition search, MeasurementSpecification measurements) =>
        With(search, search.Training with { Measurements = measurements });

    private static Optimizer ReadOptimizer(YamlMap value)
    {
        if (value["sgd"] is YamlMap sgd)
            return Optimizer.Sgd(sgd["lr"]!.Number(), sgd["momentum"]?.Number() ?? 0, sgd["weight-decay"]?.Number() ?? 0, sgd["nesterov"]?.Boolean() ?? false);
        return value["adamw"] is YamlMap adam ? Optimizer.AdamW(adam["lr"]!.Number(), adam["weight-decay"]?.Number() ?? 0.01)
            : Optimizer.Adam(value.At("adam", "lr")!.Number());
    }

    /// <summary>The other parameters of Adam's moments have no settings.</summary>
    private static YamlMap WriteOptimizer(Optimizer optimizer) => optimizer switch
    {
        Sgd sgd => WriteMap(("sgd", WriteMap(("lr", Write(sgd.LearningRate)), ("momentum", Write(sgd.Momentum)),
            ("nesterov", sgd.Nesterov ? Write(true) : null), ("weight-decay", Write(sgd.WeightDecay))))),
        AdamW adam => WriteMap(("adamw", WriteMap(("lr", Write(adam.LearningRate)), ("weight-decay", Write(adam.WeightDecay))))),
        _ => WriteMap(("adam", WriteMap(("lr", Write(optimizer.LearningRate))))),
    };

    private static LearningRateSchedule ReadSchedule(YamlMap? value) => value is null ? LearningRateSchedule.Constant : new()
    {
        At = At(value),
        // Without a step at which it is multiplied the factor has no meaning.
        Factor = At(value).IsEmpty ? 1.0 : value.At("steps", "factor")?.Number() ?? 1.0,
        Cosine = value.At("cosine", "to")?.Number(),
        WarmUp = value["warm-up"] is { } warmUp ? LengthShape.Number(warmUp) : 0,
    };

    private static ImmutableArray<int> At(YamlMap schedule) =>
        schedule.At("steps", "at") is YamlList at ? [.. at.Items.Select(LengthShape.Number)] : [];

    private static YamlNode WriteSchedule(LearningRateSchedule schedule)
    {
        if (schedule.Equals(LearningRateSchedule.Constant)) return Write("constant");
        YamlMap? steps = schedule.At.IsEmpty ? null : WriteMap(("at", WriteList(schedule.At.Select(at => Write(at)))), ("factor", Write(schedule.Factor)));
        YamlMap? cosine = schedule.Cosine is { } to ? WriteMap(("to", Write(to))) : null;
        return WriteMap(("steps", steps), ("cosine", cosine), ("warm-up", schedule.WarmUp > 0 ? Write(schedule.WarmUp) : null));
    }
}
