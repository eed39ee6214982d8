using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lottery.Files;
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

    /// <summary>Writes the files into a folder that does not exist, is empty, or holds an export that is to be replaced; of a learned supermask also its scores.</summary>
    /// <exception cref="UserException">The folder holds other files, or cannot be written.</exception>
    /// <param name="run">The run.</param>
    /// <param name="id">Its id.</param>
    /// <param name="file">The bytes of its <c>run.json</c>.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="replace">Whether an earlier export is replaced.</param>
    public static void Write(RunResult run, string id, byte[] file, string folder, bool replace)
    {
        RequireFree(folder, replace);
        Dictionary<string, string> about = new() { ["run"] = id, ["network"] = run.Specification.Network.Name };
        Dictionary<string, byte[]> files = new()
        {
            ["initial.safetensors"] = SafetensorsWriter.Write(NetworkTensors.Of(run.Initial), about),
            ["final.safetensors"] = SafetensorsWriter.Write(NetworkTensors.Of(run.Final), about),
            ["best.safetensors"] = SafetensorsWriter.Write(NetworkTensors.Of(run.Best), about),
            [MaskName] = SafetensorsWriter.Write(NetworkTensors.Of(run.Mask), about),
            [MetricsName] = Encoding.UTF8.GetBytes(Csv(run.Evaluations, run.Metrics.Tested)),
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
            foreach ((string name, byte[] content) in files) AtomicFile.Write(Path.Combine(folder, name), content);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Explain(folder, refusal, "choose another folder with --to");
        }
    }

    private static void RequireFree(string folder, bool replace)
    {
        if (File.Exists(folder)) throw new UserException($"{folder} is a file; give --to a new or empty folder.");
        string[] there = Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)] : [];
        if (there.FirstOrDefault(name => !Names.Contains(name)) is { } other)
            throw new UserException($"{folder} is not an empty folder ({other} is there); give --to another.");
        if (there.Length > 0 && !replace)
            throw new UserException($"{folder} has an export already; give --to another, or replace it with --force.");
    }

    private static string Csv(ImmutableArray<Evaluation> evaluations, ImmutableArray<TestedStep> tested)
    {
        bool learned = evaluations.Any(evaluation => evaluation.Kept is not null);
        var text = new StringBuilder("step,loss,accuracy,training_loss,test_accuracy,test_loss" + (learned ? ",kept_fraction,thresholded_fraction\n" : "\n"));
        foreach (MetricsRow row in MetricsRow.Of(evaluations, tested))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Step},{row.Evaluation?.Loss},{row.Evaluation?.Accuracy},{row.Evaluation?.TrainingLoss},{row.Tested?.Accuracy},{row.Tested?.Loss}");
            if (learned) text.Append(CultureInfo.InvariantCulture, $",{row.Evaluation?.Kept?.Expected},{row.Evaluation?.Kept?.Thresholded}");
            text.Append('\n');
        }
        return text.ToString();
    }
}
