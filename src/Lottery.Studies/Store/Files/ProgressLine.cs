using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Training;

namespace Lottery.Studies.Store.Files;

/// <summary>One line of <c>progress.jsonl</c>, an evaluation of a run in training; numbers as <see cref="MetricConverter"/> writes them.</summary>
/// <param name="Step">Training steps done.</param>
/// <param name="Loss">As in <see cref="Evaluation"/>.</param>
/// <param name="Accuracy">As in <see cref="Evaluation"/>.</param>
/// <param name="TrainingLoss">As in <see cref="Evaluation"/>.</param>
/// <param name="At">When it was written, in universal time.</param>
/// <param name="KeptFraction">As in <see cref="KeptFractions.Expected"/>; only where a mask is learned.</param>
/// <param name="ThresholdedFraction">As in <see cref="KeptFractions.Thresholded"/>; only where a mask is learned.</param>
internal sealed record ProgressLine(
    int Step, double? Loss, double? Accuracy, double? TrainingLoss, DateTimeOffset? At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? KeptFraction = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ThresholdedFraction = null)
{
    public static string Write(Evaluation evaluation) => JsonSerializer.Serialize(
        new(evaluation.Step, evaluation.Loss, evaluation.Accuracy, evaluation.TrainingLoss, DateTimeOffset.UtcNow,
            evaluation.Kept?.Expected, evaluation.Kept?.Thresholded),
        ProgressJson.Default.ProgressLine) + "\n";

    /// <summary>The evaluation; NaN where the line has no number.</summary>
    [JsonIgnore]
    public Evaluation Evaluation => new(Step, Loss ?? double.NaN, Accuracy ?? double.NaN, TrainingLoss ?? double.NaN)
    {
        Kept = this is { KeptFraction: { } kept, ThresholdedFraction: { } thresholded } ? new(kept, thresholded) : null,
    };

    /// <summary>The line; null where it is torn.</summary>
    public static ProgressLine? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ProgressJson.Default.ProgressLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(MetricConverter)])]
[JsonSerializable(typeof(ProgressLine))]
internal sealed partial class ProgressJson : JsonSerializerContext;
