using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lottery.Formats.Safetensors;
using Lottery.Search;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>A run as files for other programs: tensors in full shape, named and shaped as PyTorch does it.</summary>
internal static class RunExport
{
    private const string FinalScoresName = "final-scores.safetensors", BestScoresName = "best-scores.safetensors";
    private const string MaskName = "mask.safetensors", MetricsName = "metrics.csv";
    private static readonly string[] Names =
        ["initial.safetensors", "final.safetensors", "best.safetensors", FinalScoresName, BestScoresName, MaskName, MetricsName, StorePaths.RunFile];

    /// <summary>Writes the files into a folder that does not exist, is empty, or holds an export; of a learned supermask also its scores.</summary>
    /// <exception cref="UserException">The folder holds other files, or cannot be written.</exception>
    /// <param name="run">The run.</param>
    /// <param name="id">Its id.</param>
    /// <param name="file">The bytes of its <c>run.json</c>.</param>
    /// <param name="folder">The folder.</param>
    public static void Write(RunResult run, string id, byte[] file, string folder)
    {
        RequireOurs(folder);
        Dictionary<string, string> about = new() { ["run"] = id, ["network"] = run.Specification.Network.Name };
        Dictionary<string, byte[]> files = new()
        {
            ["initial.safetensors"] = SafetensorsWriter.Write(NetworkTensors.Of(run.Initial), about),
            ["final.safetensors"] = SafetensorsWriter.Write(NetworkTensors.Of(run.Final), about),
            ["best.safetensors"] = SafetensorsWriter.Write(NetworkTensors.Of(run.Best), about),
            [MaskName] = SafetensorsWriter.Write(NetworkTensors.Of(run.Mask), about),
            [MetricsName] = Encoding.UTF8.GetBytes(Csv(run.Evaluations)),
            [StorePaths.RunFile] = file,
        };
        if (run.Scores is { } scores)
        {
            files[FinalScoresName] = SafetensorsWriter.Write(NetworkTensors.Of(scores.Final), about);
            files[BestScoresName] = SafetensorsWriter.Write(NetworkTensors.Of(scores.Best), about);
        }
        try
        {
            Directory.CreateDirectory(folder);
            foreach ((string name, byte[] content) in files) DurableFile.Replace(Path.Combine(folder, name), content);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Explain(folder, refusal, "choose another folder with --to");
        }
    }

    private static void RequireOurs(string folder)
    {
        string? other = File.Exists(folder) ? folder : Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder)
                .FirstOrDefault(entry => !Names.Contains(Path.GetFileName(entry)))
            : null;
        if (other is not null)
            throw new UserException(
                $"{folder} is not an empty folder ({Path.GetFileName(other)} is there); give --to another.");
    }

    private static string Csv(ImmutableArray<Evaluation> evaluations)
    {
        bool learned = evaluations.Any(evaluation => evaluation.Kept is not null);
        var text = new StringBuilder("step,loss,accuracy,training_loss" + (learned ? ",kept_fraction,thresholded_fraction\n" : "\n"));
        foreach (Evaluation evaluation in evaluations)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{evaluation.Step},{evaluation.Loss},{evaluation.Accuracy},{evaluation.TrainingLoss}");
            if (learned) text.Append(CultureInfo.InvariantCulture, $",{evaluation.Kept?.Expected},{evaluation.Kept?.Thresholded}");
            text.Append('\n');
        }
        return text.ToString();
    }
}
