using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Torture;

/// <summary>What a store has: checked after every kill, and compared when the work is done.</summary>
internal static class StoreState
{
    private static readonly string[] s_times = ["seconds", "evaluation-seconds", "total-seconds"];

    /// <summary>Checks that the store opens, that every run in it is whole, and that none of those before is gone.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="before">The runs that it had; those that it has now are added.</param>
    /// <exception cref="TortureException">It is not so.</exception>
    public static void RequireWhole(string folder, ISet<string> before)
    {
        List<string> said = [];
        var store = new RunStore(folder) { Warn = said.Add };
        if (!store.Exists) return;
        HashSet<string> listed = [.. store.List().Select(run => run.Id)];
        if (before.FirstOrDefault(id => !listed.Contains(id)) is { } lost) throw new TortureException($"{folder} has lost run {lost}.");
        foreach (RunCheck check in store.Verify(listed.Where(id => !before.Contains(id)).ToList()))
            if (!check.Problems.IsEmpty) throw new TortureException($"{folder}: {string.Join(' ', check.Problems)}");
        if (said.Count > 0) throw new TortureException($"{folder}: {string.Join(' ', said)}");
        if (Directory.Exists(store.Paths.Runs) && Directory.GetDirectories(store.Paths.Runs).Length != listed.Count)
            throw new TortureException($"{folder} has a folder in runs/ that is no run.");
        before.UnionWith(listed);
    }

    /// <summary>The runs that workers trained to their ends, as often as they did so.</summary>
    public static string[] Trained(string store) => [.. Log(store, WorkerWatch.Trained)];

    /// <summary>How often the store was called by the workers that came to their ends.</summary>
    public static int Calls(string store) => Log(store, WorkerWatch.Ended).Sum(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>SHA-256 of every file of a store that has no work left, without times, which differ.</summary>
    /// <param name="folder">The store; what crashes left in it is collected.</param>
    /// <param name="bytes">The bytes of these files are added to it.</param>
    public static SortedDictionary<string, string> Content(string folder, ref long bytes)
    {
        var store = new RunStore(folder);
        store.CollectGarbage();
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, path);
            if (Directory.Exists(path))
            {
                files[name] = "";
                continue;
            }
            byte[] content = File.ReadAllBytes(path);
            bytes += content.Length;
            if (name == "index.bin") content = Encoding.ASCII.GetBytes(string.Join(' ', IndexFile.Read(content, out _).Select(record => record.Id).Order(StringComparer.Ordinal)));
            else if (Path.GetFileName(name) == "run.json") content = WithoutTimes(content);
            files[name] = Convert.ToHexStringLower(SHA256.HashData(content));
        }
        return files;
    }

    /// <summary>Checks that two stores have the same files.</summary>
    /// <exception cref="TortureException">They have not.</exception>
    public static void RequireSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string folder)
    {
        foreach (string name in expected.Keys.Union(actual.Keys))
            if (expected.GetValueOrDefault(name) is var one && actual.GetValueOrDefault(name) is var other && one != other)
                throw new TortureException($"{Path.Combine(folder, name)} {(one is null ? "should not be there" : other is null ? "is missing" : "has other bytes")}.");
    }

    private static IEnumerable<string> Log(string store, string word) => File.Exists(TortureStudy.LogOf(store))
        ? File.ReadAllLines(TortureStudy.LogOf(store)).Where(line => line.StartsWith(word + " ", StringComparison.Ordinal)).Select(line => line[(word.Length + 1)..])
        : [];

    private static byte[] WithoutTimes(byte[] content)
    {
        JsonObject run = JsonNode.Parse(content)!.AsObject();
        run.Remove("origin");
        run.Remove("checksum");
        foreach (string time in s_times) run["results"]!.AsObject().Remove(time);
        return Encoding.UTF8.GetBytes(run.ToJsonString());
    }
}
