using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Encodings.Web;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Fuzz.Stores;

/// <summary>The files of a valid store: two searches of two seeds with controls, a network without prunable weights, leftovers, a study.</summary>
internal static class StoreSample
{
    private const string Began = "2026-01-02T03:04:05.000Z", Ended = "2026-01-02T03:05:05.000Z";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Lazy<Dictionary<string, byte[]>> s_files = new(Make);

    /// <summary>The files, by their paths in the store; always the same bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files => s_files.Value;

    /// <summary>The text of a <c>run.json</c> with the checksum that fits its content.</summary>
    public static byte[] Seal(JsonObject document)
    {
        document.Remove("checksum");
        document["checksum"] = CanonicalJson.Hash(document);
        return Encoding.UTF8.GetBytes(document.ToJsonString(s_indented) + "\n");
    }

    private static Dictionary<string, byte[]> Make()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-fuzz-store-");
        try
        {
            var store = new RunStore(folder.FullName);
            string[] ids = [.. Runs().Select(run => Finish(store, run))];
            store.AddToStudy("some", ids.Take(5));
            RunSpecification left = Dense(9);
            using (IRunSession session = store.Begin(left, CancellationToken.None))
            {
                RunResult result = Result(left);
                session.Report(result.Evaluations[0]);
                session.Save(new()
                {
                    Step = 10, Weights = new(result.Final, result.Best, [result.Best, result.Initial]), Evaluations = [result.Evaluations[0]],
                    BatchOrders = result.BatchOrders, LossSum = 1, Seconds = 1, EvaluationSeconds = 1,
                });
            }
            store.Fail(left, "Training diverged at step 12.");
            using (store.BeginJob("a search", null, 1, [(left, 2)])) { }
            Dictionary<string, byte[]> files = FolderImage.Read(folder.FullName);
            foreach (string path in files.Keys.Where(path => path.EndsWith("/run.json", StringComparison.Ordinal)).ToArray()) files[path] = WithoutTime(path, files[path]);
            files["index.bin"] = [];
            foreach (string path in files.Keys.Where(path => path.EndsWith("job.json", StringComparison.Ordinal) || path.EndsWith("failure.json", StringComparison.Ordinal)
                || path.EndsWith("progress.jsonl", StringComparison.Ordinal)).ToArray())
                files[path] = Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(Encoding.UTF8.GetString(files[path]), @"2\d{3}-[^""]*", Began));
            return files;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<RunSpecification> Runs()
    {
        for (ulong seed = 1; seed <= 2; seed++)
        {
            RunSpecification dense = Dense(seed), first = Next(dense), second = Next(first);
            foreach (RunSpecification run in (RunSpecification[])[dense, first, Control(first, Specifications.Control.Reinit), second, Control(second, Specifications.Control.RandomMask)])
                yield return run;
            yield return Next(dense, "abs(wi)");
        }
        yield return Dense(1, new NetworkBuilder(Shape.Flat(4)).Linear(3, prunable: false).Relu().Output(2, prunable: false).Build("unprunable"));
    }

    private static RunSpecification Dense(ulong seed, Network? network = null) => new()
    {
        Network = network ?? NetworkCatalogue.Get("mlp:6-4-2"),
        Data = new() { Sha256 = new string('a', 64), Validation = 10, SplitSeed = seed },
        Seed = seed,
        Training = new() { Steps = 20, Evaluate = 10, Batch = 10 },
    };

    private static RunSpecification Next(RunSpecification parent, string criterion = "large-final") => parent with
    {
        Level = parent.Level + 1, Parent = parent, Prune = new() { Criterion = criterion, Rates = new(0.1m, 0.2m, 0.1m) }, Actions = new("rewind", "zero", 0),
    };

    private static RunSpecification Control(RunSpecification ticket, Control control) => ticket with { Control = control, Parent = ticket };

    private static string Finish(RunStore store, RunSpecification run)
    {
        using IRunSession session = store.Begin(run, CancellationToken.None);
        session.Finish(Result(run));
        return RunIdentity.Of(run);
    }

    private static RunResult Result(RunSpecification run)
    {
        var mask = new Mask(run.Network, [.. run.Network.Parameters.Select(parameter => parameter.Prunable ? Bits(run, parameter) : null)]);
        Weights initial = Weights(run, mask, "initial"), best = Weights(run, mask, "best"), final = Weights(run, mask, "final");
        double accuracy = 0.9 - 0.01 * run.Level - 0.001 * run.Seed;
        return new()
        {
            Specification = run, Mask = mask, Initial = initial, Best = best, Final = final,
            Evaluations = [new(0, 0.7, 0.5, double.NaN), new(10, 0.3, accuracy, 0.4), new(20, double.PositiveInfinity, accuracy, 0.2)],
            BatchOrders = [new string('b', 64)],
            Metrics = new()
            {
                EarlyStopStep = 10, TrainingAccuracy = accuracy, FinalTrainingAccuracy = accuracy, Tested = [new(10, accuracy, 0.3)],
                InitialAccuracy = 0.5, InitialLoss = 0.7, Accuracy = accuracy, Loss = 0.31, FinalAccuracy = accuracy,
                FinalLoss = double.PositiveInfinity, Seconds = 1.25, EvaluationSeconds = 0.5, TotalSeconds = 2,
            },
            Pruning = !run.IsPruned ? PruningMetrics.None : PruningMetrics.None with
            {
                Thresholds = PruningMetrics.None.Thresholds.Add("fc1.weight", 0.1),
                Masking = ImmutableSortedDictionary<string, MaskingMetrics>.Empty.Add("fc1.weight", new(4, 3, 8, 5)),
            },
        };
    }

    private static BitSet Bits(RunSpecification run, Parameter parameter)
    {
        var kept = new BitSet(parameter.Count);
        var stream = new RandomStream(run.Seed, "mask/" + parameter.Name);
        for (int i = 0; i < parameter.Count; i++) kept[i] = i == 0 || stream.Uniform(i) < Math.Pow(2.0 / 3.0, run.Level);
        return kept;
    }

    private static Weights Weights(RunSpecification run, Mask mask, string name)
    {
        var weights = new Weights(run.Network);
        for (int p = 0; p < run.Network.Parameters.Length; p++)
        {
            var stream = new RandomStream(run.Seed, $"{name}/{p}");
            for (int i = 0; i < weights[p].Length; i++) weights[p][i] = mask[p]?[i] == false ? 0 : (float)stream.Normal(i);
        }
        return weights;
    }

    /// <summary>The document with times and machine of no importance, so that a store has the same bytes wherever it is made.</summary>
    private static byte[] WithoutTime(string path, byte[] file)
    {
        JsonObject json = JsonNode.Parse(file)!.AsObject();
        if (path.StartsWith("active/", StringComparison.Ordinal))
        {
            (json["started"], json["process"]) = (Began, 1);
            return Encoding.UTF8.GetBytes(json.ToJsonString() + "\n");
        }
        json["origin"] = new JsonObject { ["started"] = Began, ["ended"] = Ended, ["lottery"] = "0.1.0", ["dotnet"] = "10.0.0", ["processor"] = "a processor" };
        return Seal(json);
    }
}
