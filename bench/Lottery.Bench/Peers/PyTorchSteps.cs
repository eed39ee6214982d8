using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;

namespace Lottery.Bench.Peers;

/// <summary>PyTorch's training steps from the same weights and masks on the same batches: a process that is told when to go.</summary>
internal sealed class PyTorchSteps : IDisposable
{
    private const int Epochs = 6;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lottery-bench-");
    private readonly Process _process;

    /// <summary>Writes what the peer reads, and starts it.</summary>
    public PyTorchSteps(PyTorch pyTorch, SplitDataset data, IReadOnlyList<RunResult> levels)
    {
        Examples examples = data.Dataset.Train;
        NpyArray.Write(At("pixels"), examples.Pixels.Span, examples.Count, examples.Features);
        NpyArray.Write(At("labels"), examples.Labels.Span, examples.Count);
        ulong seed = levels[0].Specification.Seed;
        int[] orders = [.. Enumerable.Range(0, Epochs).SelectMany(epoch => data.EpochOrder(seed, epoch))];
        NpyArray.Write(At("orders"), orders, Epochs, data.Training.Length);
        foreach (RunResult level in levels) Write(level);
        _process = pyTorch.Start("pytorch_step.py", _folder.FullName);
    }

    /// <summary>Trains the network of a level; the mean loss.</summary>
    public double Check(int level, int steps) => Ask("check", level, steps);

    /// <summary>Trains the network of a level; the seconds it took.</summary>
    public double Time(int level, int steps) => Ask("time", level, steps);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private double Ask(string command, int level, int steps)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{command} {level} {steps}"));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new WorkFailedException("bench/peers/pytorch_step.py ended before its time; what it wrote above says why.");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name + ".npy");

    private void Write(RunResult level)
    {
        int number = level.Specification.Level;
        Network network = level.Mask.Network;
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            int[] shape = [.. network.Parameters[i].Shape];
            string kind = network.Parameters[i].Prunable ? "weight" : "bias";
            NpyArray.Write(At($"{number}-{kind}-{i / 2}"), level.Initial[i], shape);
            if (level.Mask[i] is { } bits)
                NpyArray.Write(At($"{number}-mask-{i / 2}"), [.. Enumerable.Range(0, bits.Length).Select(k => bits[k] ? (byte)1 : (byte)0)], shape);
        }
    }
}
