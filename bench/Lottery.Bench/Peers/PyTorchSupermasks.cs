using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;

namespace Lottery.Bench.Peers;

/// <summary>PyTorch learning supermasks on the same weights and batches: a process that is told when to go.</summary>
internal sealed class PyTorchSupermasks : IDisposable
{
    private const int Epochs = 20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lottery-bench-");
    private readonly Process _process;

    /// <summary>Writes what the peer reads, and starts it.</summary>
    public PyTorchSupermasks(PyTorch pyTorch, SplitDataset data, Weights weights, ulong seed)
    {
        Examples examples = data.Dataset.Train;
        NpyArray.Write(At("pixels"), examples.Pixels.Span, examples.Count, examples.Features);
        NpyArray.Write(At("labels"), examples.Labels.Span, examples.Count);
        int[] orders = [.. Enumerable.Range(0, Epochs).SelectMany(epoch => data.EpochOrder(seed, epoch))];
        NpyArray.Write(At("orders"), orders, Epochs, data.Training.Length);
        Network network = weights.Network;
        for (int i = 0; i < network.Parameters.Length; i += 2)
            NpyArray.Write(At($"weight-{i / 2}"), weights[i], [.. network.Parameters[i].Shape]);
        _process = pyTorch.Start("pytorch_supermask.py", _folder.FullName);
    }

    /// <summary>Learns; the mean loss.</summary>
    public double Check(bool rescaled, int steps) => Ask("check", rescaled, steps);

    /// <summary>Learns; the seconds it took.</summary>
    public double Time(bool rescaled, int steps) => Ask("time", rescaled, steps);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private double Ask(string command, bool rescaled, int steps)
    {
        string kind = rescaled ? "rescaled" : "plain";
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{command} {kind} {steps}"));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new WorkFailedException("bench/peers/pytorch_supermask.py ended before its time; what it wrote above says why.");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name + ".npy");
}
