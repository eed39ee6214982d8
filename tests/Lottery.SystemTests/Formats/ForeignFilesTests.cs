using System.Runtime.InteropServices;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Onnx;
using Lottery.Formats.Tensors;
using Lottery.Networks;
using Lottery.Prediction;

namespace Lottery.SystemTests.Formats;

/// <summary>Files that other programs write are read value by value as NumPy has them; models score as in the program that exported them.</summary>
public sealed class ForeignFilesTests : IDisposable
{
    private static readonly Network s_network = NetworkCatalogue.Get("mlp:4-3-2");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Npz_and_safetensors_of_every_type() => AssertWeights("numpy", "numpy", least: 25);

    [Fact]
    public void What_PyTorch_saves()
    {
        AssertWeights("torch", "numpy, torch", least: 15);
        foreach (string refused in Directory.GetFiles(_folder.Path, "*.refused"))
            Assert.Matches("it (asks for|holds no dictionary|is a TorchScript program)", Assert.Throws<UserException>(() => NetworkWeights.Read(refused, s_network)).Message);
    }

    [Fact]
    public void Models_that_PyTorch_exports()
    {
        Write("onnx", "numpy, torch");
        string[] models = Directory.GetFiles(_folder.Path, "*.onnx");
        Assert.Equal(42, models.Length);
        foreach (string path in models)
        {
            OnnxModel model = OnnxReader.Read(path);
            float[] inputs = Floats(path + ".input"), expected = Floats(path + ".expected");
            var scores = new float[expected.Length];
            using var predictor = new Predictor(Mask.Full(model.Network), model.Weights, PixelScale.Unit);
            predictor.Scores(inputs, scores);
            // The first network ends with logarithms of probabilities.
            if (path.Contains("mlp", StringComparison.Ordinal))
                scores = [.. scores.Chunk(3).SelectMany(one => one.Select(score => (float)(score - Math.Log(one.Sum(other => Math.Exp(other))))))];
            Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, expected.Max(Math.Abs))));
        }
    }

    [Fact]
    public void Tables_of_scikit_learn()
    {
        Write("sklearn", "numpy, sklearn, pandas");
        string[] sets = Directory.GetDirectories(_folder.Path);
        Assert.Equal(5, sets.Length);
        foreach (string folder in sets)
        {
            Dataset data = DataSource.Load(folder);
            foreach ((string part, Examples examples) in new[] { ("train", data.Train), ("test", data.Test) })
            {
                float[] expected = Floats(Path.Combine(folder, part + ".expected"));
                float[][] rows = [.. expected.Chunk(examples.Features + 1)];
                Assert.Equal(examples.Count, rows.Length);
                Assert.Equal(rows.SelectMany(row => row[..^1]), examples.Values.ToArray());
                Assert.Equal(rows.Select(row => (byte)row[^1]), examples.Labels.ToArray());
            }
        }
    }

    private void AssertWeights(string kind, string modules, int least)
    {
        Write(kind, modules);
        string[] files = [.. Directory.GetFiles(_folder.Path, "*.expected").Select(path => path[..^".expected".Length])];
        Assert.InRange(files.Length, least, 100);
        foreach (string path in files)
        {
            NetworkWeights read = NetworkWeights.Read(path, s_network);
            Assert.Equal(Floats(path + ".expected"), Enumerable.Range(0, 4).SelectMany(p => read.Weights[p].ToArray()));
            if (!File.Exists(path + ".mask")) Assert.Null(read.Mask);
            else
                Assert.Equal(File.ReadAllBytes(path + ".mask"), new[] { 0, 2 }.SelectMany(p => read.Mask![p]!.ToBytes()));
        }
    }

    private void Write(string kind, string modules)
    {
        Assert.SkipUnless(DebianPython.Has(modules), $"There is no python3 with {modules} here.");
        (int code, _, string errors) = DebianPython.Run(Repository.At("tests/Lottery.SystemTests/Formats/foreign_files.py"), kind, _folder.Path);
        Assert.True(code == 0, errors);
    }

    private static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}
