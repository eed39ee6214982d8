using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>One line of <c>progress.jsonl</c>; what JSON has no number for is null.</summary>
internal sealed record ProgressLine(int Step, double? Loss, double? Accuracy, double? TrainingLoss)
{
    public static string Write(Evaluation evaluation) => JsonSerializer.Serialize(
        new(evaluation.Step, Finite(evaluation.Loss), Finite(evaluation.Accuracy), Finite(evaluation.TrainingLoss)),
        ProgressJson.Default.ProgressLine) + "\n";

    /// <summary>The evaluation in a line; null where the line is torn.</summary>
    public static Evaluation? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ProgressJson.Default.ProgressLine) is { } read
                ? new(read.Step, read.Loss ?? double.NaN, read.Accuracy ?? double.NaN, read.TrainingLoss ?? double.NaN)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProgressLine))]
internal sealed partial class ProgressJson : JsonSerializerContext;
