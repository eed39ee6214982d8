using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Studies.Queries;

/// <summary>A column of the finished runs, with one name and one value for SQL and for JSON.</summary>
/// <param name="Name">Its name, as in <c>early_stop_step</c>.</param>
/// <param name="Type">The type of its values, without null.</param>
/// <param name="Value">What a run has in it.</param>
internal sealed record RunField(string Name, Type Type, Func<RunSummary, object?> Value);

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
        Text("network", run => run.Network),
        Text("data", run => run.Data),
        new("seed", typeof(ulong), run => run.Seed),
        Integer("level", run => run.Level),
        Real("density", run => run.Density),
        Integer("kept", run => run.Kept),
        Integer("weights", run => run.Weights),
        Text("criterion", run => run.Criterion),
        Text("initial_mask", run => run.Specification.Start?.Mask),
        Text("initial_weights", run => run.Specification.Start?.Initial),
        Text("pretrained_weights", run => run.Specification.Start?.Pretrained),
        Text("mask1", run => run.Mask1),
        Text("mask0", run => run.Mask0),
        Text("supermask", run => run.Supermask is { } supermask ? KebabCase.Of(supermask.Weights) : null),
        new("rescale", typeof(bool), run => run.Supermask?.Rescale),
        Real("thresholded_accuracy", run => run.ThresholdedAccuracy),
        Text("control", run => KebabCase.Of(run.Control)),
        Text("status", _ => "finished"),
        Integer("steps", run => run.Steps),
        Integer("early_stop_step", run => run.EarlyStopStep),
        Real("accuracy", run => run.Accuracy),
        Real("final_accuracy", run => run.FinalAccuracy),
        Real("seconds", run => run.Metrics.Seconds),
        Real("evaluation_seconds", run => run.Metrics.EvaluationSeconds),
        Real("total_seconds", run => run.Metrics.TotalSeconds),
        new("ended", typeof(DateTimeOffset), run => run.Ended),
    ];

    /// <summary>The runs as one JSON array of objects, every column in each.</summary>
    public static string Json(IEnumerable<RunSummary> runs)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartArray();
            foreach (RunSummary run in runs)
            {
                writer.WriteStartObject();
                foreach (RunField column in All)
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

    private static RunField Text(string name, Func<RunSummary, string?> value) => new(name, typeof(string), value);

    private static RunField Integer(string name, Func<RunSummary, int> value) => new(name, typeof(int), run => value(run));

    private static RunField Real(string name, Func<RunSummary, double?> value) => new(name, typeof(double), run => value(run));
}
