using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Studies.Queries;

/// <summary>A column of the finished runs, with one name and one value for SQL and for JSON.</summary>
/// <param name="Name">Its name, as in <c>early_stop_step</c>.</param>
/// <param name="Type">The type of its values, without null.</param>
/// <param name="Value">What a run has in it.</param>
internal sealed record RunField(string Name, Type Type, Func<RunSummary, object?> Value)
{
    /// <summary>What it is called in headings, legends and sentences.</summary>
    public string Label { get; init; } = Name.Replace('_', ' ');

    /// <summary>
    /// Of a hyper-parameter, the value that a specification states: runs that differ in it are different conditions. Null for
    /// everything else.
    /// </summary>
    public Func<RunSpecification, object?>? Setting { get; init; }

    /// <summary>Whether the run of level 0, from which a run was pruned, has the same value.</summary>
    public bool IsShared { get; init; }

    /// <summary>The setting whose value decides whether this one means anything, as the optimizer does for beta1; null for none.</summary>
    public string? DependsOn { get; init; }

    /// <summary>
    /// Where only some runs can have a value, whether a run can; null where all can. A run that cannot belongs to the conditions of
    /// every value, as level 1 does to both schedules.
    /// </summary>
    public Func<RunSpecification, bool>? Applies { get; init; }

    /// <summary>Whether its values are numbers.</summary>
    public bool IsNumber => Type == typeof(int) || Type == typeof(ulong) || Type == typeof(double);

    /// <summary>The runs in its order: numbers and times by value, text ordinally, what has none first. Its values are computed once.</summary>
    /// <param name="runs">The runs; equal ones stay as they are.</param>
    /// <param name="isDescending">Whether the largest comes first.</param>
    public RunSummary[] Sort(IEnumerable<RunSummary> runs, bool isDescending)
    {
        RunSummary[] sorted = [.. runs];
        var keys = new SortKey[sorted.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = SortKey.Of(Value(sorted[i]), place: i);
        Array.Sort(keys, sorted, isDescending ? Comparer<SortKey>.Create((left, right) => left.IsEqual(right) ? left.Place.CompareTo(right.Place) : right.CompareTo(left)) : null);
        return sorted;
    }

    /// <summary>What a run is sorted by: numbers as bits in their order, so that thousands are compared without looking at a run.</summary>
    /// <param name="Has">Whether it has a value.</param>
    /// <param name="Number">What stands for a number; 0 for text.</param>
    /// <param name="Text">The text; null for a number.</param>
    /// <param name="Place">Where the run was, which decides between equal ones.</param>
    private readonly record struct SortKey(bool Has, ulong Number, string? Text, int Place) : IComparable<SortKey>
    {
        private const ulong Sign = 1UL << 63;

        public static SortKey Of(object? value, int place) => value switch
        {
            string text => new(true, 0, text, place),
            int number => new(true, Ordered(number), null, place),
            long number => new(true, Ordered(number), null, place),
            ulong number => new(true, number, null, place),
            DateTimeOffset time => new(true, Ordered(time.UtcTicks), null, place),
            bool flag => new(true, flag ? 1UL : 0UL, null, place),
            double number => new(true, Ordered(number), null, place),
            _ => new(value is not null, 0, null, place),
        };

        public bool IsEqual(SortKey other) => Has == other.Has && Number == other.Number && string.Equals(Text, other.Text, StringComparison.Ordinal);

        public int CompareTo(SortKey other)
        {
            int order = Has.CompareTo(other.Has);
            if (order == 0) order = Number.CompareTo(other.Number);
            if (order == 0) order = string.CompareOrdinal(Text, other.Text);
            return order != 0 ? order : Place.CompareTo(other.Place);
        }

        private static ulong Ordered(long number) => unchecked((ulong)number) ^ Sign;

        /// <summary>The two zeros are one number.</summary>
        private static ulong Ordered(double number) => BitConverter.DoubleToUInt64Bits(number + 0.0) is var bits && (bits & Sign) != 0 ? ~bits : bits | Sign;
    }
}

/// <summary>
/// The columns of the finished runs: the relation <c>runs</c> of <c>lottery query</c> and the objects of
/// <c>lottery runs list --json</c>. Fractions and accuracies are 0–1, times are seconds.
/// </summary>
internal static class RunFields
{
    /// <summary>All columns, in order.</summary>
    internal static ImmutableArray<RunField> All { get; } =
    [
        Text("id", run => run.Id),
        Text("parent", run => run.Parent),
        Text("ticket", run => run.Ticket),
        new("studies", typeof(ImmutableArray<string>), run => run.Studies),
        Text("network", run => run.Network) with { Setting = run => run.Network.Description, IsShared = true },
        Setting<string>("initial_distribution", run => run.Network.Initial.Name, shared: true),
        Text("data", run => run.Data) with { Setting = run => run.Data.Sha256, IsShared = true },
        Setting<int>("validation", run => run.Data.Validation, "validation examples", shared: true),
        new("split_seed", typeof(ulong), run => run.Specification.SplitSeed) { Setting = run => run.Data.SplitSeed, IsShared = true },
        Setting<string>("scale", run => KebabCase.Of(run.Data.Scale), shared: true),
        Setting<string>("augment", run => run.Data.Augment == Augmentation.None ? "none" : string.Join(',', run.Data.Augment.Names()), shared: true),
        new("seed", typeof(ulong), run => run.Seed),
        Integer("level", run => run.Level),
        Real("density", run => run.Density),
        Real("density_of_all", run => run.DensityOfAll),
        Integer("kept", run => run.Kept),
        Integer("weights", run => run.Weights),
        Setting<string>("optimizer", run => TrainingJson.NameOf(run.Training.Optimizer), shared: true),
        Setting<double>("lr", run => run.Training.Optimizer.LearningRate, "learning rate", shared: true),
        Setting<double>("momentum", run => (run.Training.Optimizer as Sgd)?.Momentum, shared: true, dependsOn: "optimizer"),
        Setting<double>("weight_decay", run => run.Training.Optimizer switch { Sgd sgd => sgd.WeightDecay, AdamW adam => adam.WeightDecay, _ => null }, shared: true, dependsOn: "optimizer"),
        Setting<bool>("nesterov", run => (run.Training.Optimizer as Sgd)?.Nesterov, "Nesterov's momentum", shared: true, dependsOn: "optimizer"),
        Setting<double>("beta1", run => TrainingJson.MomentsOf(run.Training.Optimizer)?.Beta1, shared: true, dependsOn: "optimizer"),
        Setting<double>("beta2", run => TrainingJson.MomentsOf(run.Training.Optimizer)?.Beta2, shared: true, dependsOn: "optimizer"),
        Setting<double>("epsilon", run => TrainingJson.MomentsOf(run.Training.Optimizer)?.Epsilon, shared: true, dependsOn: "optimizer"),
        Setting<string>("lr_at", run => run.Training.Schedule.At.IsEmpty ? null : string.Join(',', run.Training.Schedule.At), "learning rate changes at step", shared: true),
        Setting<double>("lr_factor", run => run.Training.Schedule.At.IsEmpty ? null : run.Training.Schedule.Factor, "learning rate factor", shared: true, dependsOn: "lr_at"),
        Setting<double>("lr_cosine", run => run.Training.Schedule.Cosine, "learning rate falls along a cosine to", shared: true),
        Setting<int>("warm_up", run => run.Training.Schedule.WarmUp, "warm-up steps", shared: true),
        Setting<int>("batch", run => run.Training.Batch, "batch size", shared: true),
        Setting<int>("steps", run => run.Training.Steps, shared: true),
        Setting<int>("evaluate", run => run.Training.Evaluate, "steps between evaluations", shared: true),
        Setting<string>("test_at", run => run.Training.Measurements.TestAt.IsEmpty ? null : string.Join(',', run.Training.Measurements.TestAt), "tested at step", shared: true),
        Setting<int>("training_sample", run => run.Training.Measurements.TrainingSample, "examples of the training accuracy", shared: true),
        new("order_seed", typeof(ulong), run => run.Specification.OrderSeed) { Setting = run => run.Training.OrderSeed, IsShared = true },
        Setting<string>("criterion", run => run.Prune?.Criterion),
        Setting<double>("rate_conv", run => Rate(run, rates => rates.Conv), "rate of convolutions", dependsOn: "threshold"),
        Setting<double>("rate_fc", run => Rate(run, rates => rates.Fc), "rate of fc layers", dependsOn: "threshold"),
        Setting<double>("rate_output", run => Rate(run, rates => rates.Output), "rate of the output layer", dependsOn: "threshold"),
        Setting<double>("threshold", run => run.Prune?.Threshold),
        Setting<string>("scope", run => run.Prune is { Threshold: null } prune ? KebabCase.Of(prune.Scope) : null, dependsOn: "threshold"),
        Setting<string>("schedule", run => run is { Prune: { } prune, Level: > 1 } ? KebabCase.Of(prune.Schedule) : null, "pruning schedule") with
        {
            Applies = run => run.Level != 1,
        },
        Setting<string>("initial_mask", run => run.Start?.Mask, shared: true),
        Setting<string>("initial_weights", run => run.Start?.Initial, shared: true),
        Setting<string>("pretrained_weights", run => run.Start?.Pretrained, shared: true),
        Setting<string>("mask_from", MaskOrigin.Of, "mask of"),
        Setting<string>("mask1", run => run.Actions?.Mask1, "mask-1 action"),
        Setting<string>("mask0", run => run.Actions?.Mask0, "mask-0 action"),
        Setting<int>("rewind_to", run => run.Actions?.RewindTo, "rewound to step"),
        Setting<string>("supermask", run => run.Supermask is { } supermask ? KebabCase.Of(supermask.Weights) : null, "weights of the supermask"),
        Setting<bool>("rescale", run => run.Supermask?.Rescale, "rescaled"),
        Real("thresholded_accuracy", run => run.ThresholdedAccuracy),
        Setting<string>("control", run => KebabCase.Of(run.Control)),
        new("draw", typeof(int), run => run.Control == Control.None ? null : run.Draw),
        Text("status", _ => "finished"),
        Integer("early_stop_step", run => run.EarlyStopStep),
        Real("accuracy", run => run.Accuracy),
        Real("final_accuracy", run => run.FinalAccuracy),
        Real("training_accuracy", run => run.TrainingAccuracy),
        Real("final_training_accuracy", run => run.FinalTrainingAccuracy),
        Real("seconds", run => run.Metrics.Seconds),
        Real("evaluation_seconds", run => run.Metrics.EvaluationSeconds),
        Real("total_seconds", run => run.Metrics.TotalSeconds),
        new("ended", typeof(DateTimeOffset), run => run.Ended),
    ];

    /// <summary>The hyper-parameters: what makes runs of one seed and level different conditions.</summary>
    internal static ImmutableArray<RunField> Settings { get; } = [.. All.Where(field => field.Setting is not null)];

    /// <summary>The column called <paramref name="name"/>; hyphens and underscores are the same.</summary>
    /// <exception cref="UserException">There is none; the sentence names the nearest.</exception>
    internal static RunField Get(string name) => All.FirstOrDefault(field => field.Name == name.Replace('-', '_'))
        ?? throw new UserException($"Runs have no column '{name}'"
            + (Suggestion.Nearest(name, [.. All.Select(field => field.Name)]) is { } nearest ? $"; did you mean '{nearest}'?"
                : $"; use one of {string.Join(", ", All.Select(field => field.Name))}."));

    /// <summary>The settings that vary between the conditions of a plan: of its pruned runs, or of its runs of level 0 if it prunes nothing.</summary>
    internal static IEnumerable<RunField> Varying(IReadOnlyCollection<RunSpecification> runs)
    {
        RunSpecification[] pruned = [.. runs.Where(run => run.Level > 0)];
        IReadOnlyCollection<RunSpecification> conditions = pruned.Length > 0 ? pruned : runs;
        return Settings.Where(field => conditions.Where(run => field.Applies?.Invoke(run) != false).Select(field.Setting!).Distinct().Skip(1).Any());
    }

    /// <summary>The runs as one JSON array of objects.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="columns">The columns; null for all.</param>
    public static string Json(IEnumerable<RunSummary> runs, IReadOnlyCollection<RunField>? columns = null)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartArray();
            foreach (RunSummary run in runs)
            {
                writer.WriteStartObject();
                foreach (RunField column in columns ?? All)
                {
                    writer.WritePropertyName(column.Name);
                    Write(writer, column.Value(run));
                }
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case int number: writer.WriteNumberValue(number); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case DateTimeOffset time: writer.WriteStringValue(time); break;
            case ImmutableArray<string> names:
                writer.WriteStartArray();
                foreach (string name in names) writer.WriteStringValue(name);
                writer.WriteEndArray();
                break;
            default: throw new NotSupportedException($"No column can hold a {value.GetType().Name}.");
        }
    }

    private static double? Rate(RunSpecification run, Func<PruneRates, decimal> of) =>
        run.Prune is { Threshold: null } prune ? (double)of(prune.Rates) : null;

    private static RunField Setting<T>(
        string name, Func<RunSpecification, object?> value, string? label = null, bool shared = false, string? dependsOn = null) =>
        new(name, typeof(T), run => value(run.Specification))
        {
            Label = label ?? name.Replace('_', ' '), Setting = value, IsShared = shared, DependsOn = dependsOn,
        };

    private static RunField Text(string name, Func<RunSummary, string?> value) => new(name, typeof(string), value);

    private static RunField Integer(string name, Func<RunSummary, int> value) => new(name, typeof(int), run => value(run));

    /// <summary>What is not finite, as the loss of a training that diverged, is null: JSON has no number for it, and SQL cannot sum it up.</summary>
    private static RunField Real(string name, Func<RunSummary, double?> value) =>
        new(name, typeof(double), run => value(run) is { } number && double.IsFinite(number) ? number : null);
}
