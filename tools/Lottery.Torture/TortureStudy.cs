using System.Buffers.Binary;

namespace Lottery.Torture;

/// <summary>A small study on made-up images, the same everywhere.</summary>
internal sealed class TortureStudy
{
    private const int Training = 600, Testing = 200, Rows = 4, Columns = 5, Classes = 3;
    private readonly string _file;

    /// <summary>Writes the study and its images into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The study's name.</param>
    /// <param name="replicates">Seeds; each has a dense run, and at each level a ticket and a control.</param>
    /// <param name="levels">Levels after the dense one.</param>
    /// <param name="steps">Steps of each run.</param>
    public TortureStudy(string folder, string name, int replicates, int levels, int steps)
    {
        string images = Path.Combine(folder, "images");
        Directory.CreateDirectory(images);
        Write(images, "train", Training, seed: 1);
        Write(images, "t10k", Testing, seed: 2);
        _file = Path.Combine(folder, name + ".yaml");
        Name = name;
        Runs = replicates * (1 + 2 * levels);
        File.WriteAllText(_file, FormattableString.Invariant($$"""
            study: {{name}}
            network: mlp:20-8-3
            data: { set: {{images}}, validation: 100 }
            train: { steps: {{steps}}, batch: 20, evaluate: { every: {{Math.Max(1, steps / 4)}} } }
            prune: { levels: {{levels}}, rate: { fc: 0.5, output: 0.25 } }
            controls: random-mask
            replicates: {{replicates}}

            """));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its runs.</summary>
    public int Runs { get; }

    /// <summary>The file in which the workers on a store note what they did.</summary>
    public static string LogOf(string store) => store + ".log";

    /// <summary>The arguments of the command that runs it.</summary>
    public string[] Arguments(string store) => ["study", "run", _file, "--store", store, "--jobs", "1"];

    private static void Write(string folder, string part, int count, int seed)
    {
        var random = new Random(seed);
        byte[] labels = new byte[count], pixels = new byte[count * Rows * Columns];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % Classes);
            for (int at = 0; at < Rows * Columns; at++) pixels[i * Rows * Columns + at] = (byte)(random.Next(160) + (at / Columns == labels[i] ? 70 : 0));
        }
        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), Idx(pixels, count, Rows, Columns));
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), Idx(labels, count));
    }

    private static byte[] Idx(byte[] values, params int[] dimensions)
    {
        byte[] head = new byte[4 + 4 * dimensions.Length];
        (head[2], head[3]) = (8, (byte)dimensions.Length);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + 4 * i), dimensions[i]);
        return [.. head, .. values];
    }
}
