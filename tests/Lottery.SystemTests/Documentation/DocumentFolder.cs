using Lottery.Fuzz.Targets;
using Lottery.SystemTests.Cli;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Documentation;

/// <summary>
/// A folder in which the commands of documents run: the study files, small data under the names of the known sets, a store
/// with a finished search and the studies that documents name, weights of a network, and an image.
/// </summary>
public sealed class DocumentFolder : IDisposable
{
    private const int Training = 600, Testing = 200;

    private readonly TemporaryFolder _folder = new();

    public DocumentFolder()
    {
        foreach (string set in (string[])["mnist", "fashion-mnist"]) WriteIdx(_folder[Path.Combine("data", set)]);
        Directory.CreateDirectory(Template);
        WriteCifar(Path.Combine(Template, "cifar"));
        TinyImages.Write(Path.Combine(Template, "tiny"));
        WritePhotos(Path.Combine(Template, "photos"));
        File.WriteAllLines(Path.Combine(Template, "iris.csv"), Enumerable.Range(0, 150).Select(i => $"{i % 7},{i % 11 * 0.5},{i % 3},{i % 5},flower{i % 3}").Prepend("a,b,c,d,species"));
        Directory.CreateDirectory(Path.Combine(Template, "studies"));
        foreach (string file in Repository.Files("studies", ".yaml"))
            File.WriteAllText(Path.Combine(Template, file), ShortForm.Yaml(Repository.Read(file)));
        File.WriteAllBytes(Path.Combine(Template, "seven.png"), [.. "P5\n28 28\n255\n"u8, .. new byte[28 * 28]]);
        Find("--levels 1 --steps 20 --evaluate 10 --controls reinit --replicates 2");
        Must("runs", "export", ListIds("control=ticket")[0], "--to", "weights");
        foreach (string name in (string[])["initial", "final"])
            File.Copy(Path.Combine(Template, "weights", $"{name}.safetensors"), Path.Combine(Template, $"{name}.safetensors"));
        foreach (string study in (string[])["criteria", "mask-1"]) Must("study", "run", $"studies/{study}.yaml", "--scale", "quick");
        Ids = [.. ListIds("control=ticket"), ListIds("control=reinit")[^1]];
        Must("ticket", "pack", Ids[^2], "-o", "digits.ticket");
        Must("ticket", "export", "digits.ticket", "--to", "onnx", "-o", "model.onnx");
    }

    /// <summary>The commands that were run and do the same in every folder.</summary>
    internal HashSet<string> Ran { get; } = [];

    /// <summary>Ids of tickets of LeNet, and last that of a run from which no other comes.</summary>
    internal string[] Ids { get; }

    /// <summary>The folder of the small data sets.</summary>
    internal string Data => _folder["data"];

    private (string, string)[] Environment => [("LOTTERY_DATA", _folder["data"]), ("XDG_CACHE_HOME", _folder["cache"])];

    private string Template => _folder["template"];

    public void Dispose() => _folder.Dispose();

    /// <summary>A fresh copy of the folder, in which nothing of another document is.</summary>
    internal string Copy(string name)
    {
        string copy = _folder[$"copy-{name}"];
        foreach (string folder in Directory.GetDirectories(Template, "*", SearchOption.AllDirectories).Prepend(Template))
            Directory.CreateDirectory(Path.Combine(copy, Path.GetRelativePath(Template, folder)));
        foreach (string file in Directory.GetFiles(Template, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(copy, Path.GetRelativePath(Template, file)));
        return copy;
    }

    /// <summary>The program in a folder.</summary>
    internal LotteryProcess Start(string folder, params string[] words) =>
        new(Environment, words, folder);

    /// <summary>The program in a folder, its standard output in a file.</summary>
    internal LotteryProcess Start(string file, string folder, string[] words) => LotteryProcess.Into(file, Environment, folder, words);

    private string[] ListIds(string terms)
    {
        using LotteryProcess list = Start(Template, "runs", "list", "--json", "--where", $"network=lenet-300-100 criterion=large-final mask1=rewind {terms}", "--limit", "9");
        return [.. list.Wait().Json.AsArray().Select(run => (string)run!["id"]!)];
    }

    private void Find(string options) => Must(["find", .. $"--network lenet-300-100 --data mnist --validation 100 {options}".Split(' ')]);

    private void Must(params string[] words)
    {
        using LotteryProcess process = Start(Template, words);
        CommandLineRun run = process.Wait();
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', words)}: {run.Error}");
    }

    private static void WriteIdx(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string part, int count) in (ReadOnlySpan<(string, int)>)[("train", Training), ("t10k", Testing)])
        {
            (byte[] pixels, byte[] labels) = Images(count, features: 784);
            File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), IdxSample.Bytes([count, 28, 28], pixels));
            File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), IdxSample.Bytes([count], labels));
        }
    }

    /// <summary>Two classes of small images in colour, of two sizes.</summary>
    private static void WritePhotos(string folder)
    {
        for (int i = 0; i < 80; i++)
        {
            string path = Path.Combine(folder, i % 2 == 0 ? "cats" : "dogs", $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            int side = 8 + i % 3;
            File.WriteAllBytes(path, ImageSample.Png(side, side, 3, [.. Enumerable.Range(0, 3 * side * side).Select(pixel => (byte)(pixel * (i % 2 + 1)))]));
        }
    }

    private static void WriteCifar(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])[.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}"), "test_batch"])
        {
            (byte[] pixels, byte[] labels) = Images(Training / 5, features: 3072);
            File.WriteAllBytes(Path.Combine(folder, $"{name}.bin"), [.. labels.SelectMany((label, i) => pixels.AsSpan(i * 3072, 3072).ToArray().Prepend(label))]);
        }
    }

    private static (byte[] Pixels, byte[] Labels) Images(int count, int features)
    {
        var random = new Random(count);
        byte[] pixels = new byte[count * features], labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
        random.NextBytes(pixels);
        return (pixels, labels);
    }
}
