using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Fuzz.Mutations;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Fuzz.Stores;

/// <summary>Stores with odd runs: values that no run has, with checksums that fit and ids that hash; damaged, missing and foreign files.</summary>
internal static class OddStore
{
    private static readonly string[] s_values =
    [
        "null", "true", "\"\"", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"x\"", "0", "-1", "1", "0.5", "1.5", "1e308", "-1e308", "1e999", "1e-320", "2147483647",
        "2147483648", "18446744073709551615", "99999999999999999999999999", "[]", "{}", "[null]", "{\"a\":null}", "\"\\u0000\\u001b[2J\\u0007\"", "\"\\u202e\"",
        "\"../../../etc/passwd\"", "\"/dev/zero\"", "\"<script>alert(1)</script>\"", "\"none\"", "\"reinit\"", "\"large-final\"", "\"never-heard-of\"",
        "\"0001-01-01T00:00:00.000Z\"", "\"9999-12-31T23:59:59.999Z\"", "\"tomorrow\"",
    ];

    private static readonly string[] s_foreign =
        ["runs/", "active/", "jobs/", "studies/", "runs/.hidden/", "runs/a b/", "active/x/", "jobs/y/", "removed/mine/", "studies/A B.json/"];

    /// <summary>The image of a store with about <paramref name="runs"/> odd runs.</summary>
    public static byte[] Draw(Dice dice, int runs)
    {
        Dictionary<string, byte[]> files = new(StoreSample.Files);
        string[] originals = [.. files.Keys.Where(path => path.StartsWith("runs/", StringComparison.Ordinal) && path.EndsWith("/run.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        for (int i = 0; i < runs; i++) AddRun(files, Path.GetDirectoryName(originals[dice.Below(originals.Length)])!.Replace('\\', '/'), dice);
        for (int i = dice.Below(4); i > 0; i--) Damage(files, dice);
        for (int i = dice.Below(3); i > 0; i--) files[dice.Of(s_foreign) + dice.Of("note.txt", "run.json", "claim", "x.tmp", "job.json")] = Junk(dice);
        if (dice.OneIn(20)) files["store.json"] = dice.Of("{\"format\": 9}", "", "{}", "[[[", "{\"format\": 2}") is var text ? Encoding.UTF8.GetBytes(text) : [];
        if (dice.OneIn(20)) files.Remove("store.json");
        return FolderImage.Write(files);
    }

    /// <summary>Adds a run with an odd document, under the id that its specification hashes to where it has one.</summary>
    private static void AddRun(Dictionary<string, byte[]> files, string folder, Dice dice)
    {
        JsonObject document = JsonNode.Parse(files[$"{folder}/run.json"])!.AsObject();
        // Another seed, so that it is another run.
        document["specification"]!["seed"] = 100 + dice.Below(1 << 20);
        for (int i = dice.Below(3); i > 0; i--) Alter(document, dice);
        string id = new('f', 64);
        try
        {
            id = CanonicalJson.Hash(document["specification"]!);
            document["id"] = id;
        }
        catch (Exception odd) when (RunFile.IsMalformed(odd))
        {
            // It has no specification any more.
        }
        if (dice.OneIn(20)) id = dice.Of(new string('e', 64), "short", "..x", "A");
        byte[] sealedFile;
        try
        {
            sealedFile = StoreSample.Seal(document);
        }
        catch (Exception odd) when (RunFile.IsMalformed(odd))
        {
            return;
        }
        foreach (string name in (string[])[StorePaths.TensorsFile, StorePaths.MetricsFile, StorePaths.DigestFile])
            if (files.TryGetValue($"{folder}/{name}", out byte[]? content)) files[$"runs/{id}/{name}"] = content;
        files[$"runs/{id}/run.json"] = sealedFile;
        if (dice.OneIn(4)) files[$"runs/{id}/run.json"] = Encoding.UTF8.GetBytes(Words.Mutate(Encoding.UTF8.GetString(sealedFile), "{}", dice, "specification", "results"));
        if (dice.OneIn(6)) files.Remove($"runs/{id}/{dice.Of("tensors.bin", "metrics.parquet", "digest.bin", "run.json")}");
        if (dice.OneIn(6))
        {
            JsonNode study = JsonNode.Parse(files["studies/some.json"])!;
            study["parts"]![0]!["runs"]!.AsArray().Add(id);
            if (dice.OneIn(3)) study["parts"]![0]!["axes"]!.AsArray().Add(dice.Of("lr", "nothing", "", "id", "seed"));
            files["studies/some.json"] = Encoding.UTF8.GetBytes(study.ToJsonString());
        }
    }

    /// <summary>Changes, removes or adds one member somewhere in a document.</summary>
    private static void Alter(JsonObject document, Dice dice)
    {
        JsonObject at = document;
        while (at.Select(member => member.Value).OfType<JsonObject>().ToArray() is { Length: > 0 } inner && !dice.OneIn(4)) at = inner[dice.Below(inner.Length)];
        string[] names = [.. at.Select(member => member.Key)];
        string name = names.Length == 0 || dice.OneIn(10) ? dice.Of("a", "format", "parent", "kept", "__proto__", "") : names[dice.Below(names.Length)];
        if (dice.OneIn(4)) at.Remove(name);
        else at[name] = JsonNode.Parse(dice.OneIn(30) ? $"\"{new string('n', 1 + dice.Length(1 << 16))}\"" : dice.Of(s_values));
    }

    /// <summary>Damages any file of the store.</summary>
    private static void Damage(Dictionary<string, byte[]> files, Dice dice)
    {
        string[] paths = [.. files.Keys.Where(path => !path.EndsWith('/') && path != "store.json").Order(StringComparer.Ordinal)];
        string path = paths[dice.Below(paths.Length)];
        if (dice.OneIn(3) && paths.Where(one => one.StartsWith("active/", StringComparison.Ordinal) || one.StartsWith("jobs/", StringComparison.Ordinal)).ToArray() is { Length: > 0 } left)
            path = left[dice.Below(left.Length)];
        switch (dice.Below(5))
        {
            case 0: files.Remove(path); break;
            case 1: files[path] = []; break;
            case 2: files[path] = Junk(dice); break;
            case 3 when path.EndsWith("digest.bin", StringComparison.Ordinal) || path.EndsWith("tensors.bin", StringComparison.Ordinal):
                files[path] = Resealed(Bytes.Mutate(files[path], Junk(dice), dice));
                break;
            case 3 or 4 when path.EndsWith(".json", StringComparison.Ordinal) || path.EndsWith(".jsonl", StringComparison.Ordinal) || path.EndsWith(".txt", StringComparison.Ordinal):
                files[path] = Encoding.UTF8.GetBytes(Words.Mutate(Encoding.UTF8.GetString(files[path]), "{}\n", dice, "specification", "started"));
                break;
            default: files[path] = Bytes.Mutate(files[path], Junk(dice), dice); break;
        }
    }

    /// <summary>The file with the checksum that fits its content.</summary>
    private static byte[] Resealed(byte[] file)
    {
        const int Hash = 32;
        return file.Length < Hash ? file : [.. file[..^Hash], .. System.Security.Cryptography.SHA256.HashData(file.AsSpan(0, file.Length - Hash))];
    }

    private static byte[] Junk(Dice dice) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, dice.Below(40)).Select(_ => dice.Bits().ToString("x", CultureInfo.InvariantCulture))));
}
