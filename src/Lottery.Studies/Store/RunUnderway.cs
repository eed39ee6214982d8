using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>A run that is not finished, as whoever watches sees it.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Network">What the network is called.</param>
/// <param name="Data">What the data are called.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Level">0 is dense.</param>
/// <param name="Control"><c>none</c>, <c>reinit</c> or <c>random-mask</c>.</param>
/// <param name="Parent">The run that it comes from; null at level 0.</param>
/// <param name="Steps">Training steps in all.</param>
/// <param name="Running">True while a process works on it; false where it was interrupted.</param>
/// <param name="Started">When its first sitting began, in universal time.</param>
/// <param name="Latest">The newest evaluation; null before the first.</param>
public sealed record RunUnderway(
    string Id, string Network, string Data, ulong Seed, int Level, string Control, string? Parent, int Steps,
    bool Running, DateTimeOffset Started, Evaluation? Latest)
{
    /// <summary>The run in a folder of <c>active/</c>; null where it is just beginning, or gone.</summary>
    internal static RunUnderway? Read(StorePaths paths, string id)
    {
        try
        {
            JsonNode json = JsonNode.Parse(File.ReadAllBytes(Path.Combine(paths.Underway(id), StorePaths.RunFile)))!;
            JsonNode run = json["specification"]!;
            return new(
                id, json["network"]!.GetValue<string>(), json["data"]!.GetValue<string>(),
                run["seed"]!.GetValue<ulong>(), run["level"]!.GetValue<int>(),
                run["control"]!.GetValue<string>(), run["parent"]?.GetValue<string>(),
                run["training"]!["steps"]!.GetValue<int>(), IsClaimed(paths.Claim(id)),
                RunOrigin.ReadTime(json["started"]!), ReadProgress(paths.Progress(id)).LastOrDefault());
        }
        catch (Exception gone) when (gone is IOException or JsonException or NullReferenceException
            or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The evaluations reported so far, by step; what a resumed run reported twice counts once.</summary>
    internal static IEnumerable<Evaluation> ReadProgress(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var evaluations = new SortedDictionary<int, Evaluation>();
        foreach (string line in reader.ReadToEnd().Split('\n'))
            if (ProgressLine.Read(line) is { } evaluation) evaluations[evaluation.Step] = evaluation;
        return evaluations.Values;
    }

    private static bool IsClaimed(string claim)
    {
        try
        {
            using var stream = new FileStream(claim, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException refusal) when (StoreErrors.IsHeld(refusal))
        {
            return true;
        }
    }
}
