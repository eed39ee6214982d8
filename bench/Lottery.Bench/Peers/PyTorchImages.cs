using System.Diagnostics;
using System.Globalization;

namespace Lottery.Bench.Peers;

/// <summary>PyTorch's training steps of networks on images: a process that is told when to go.</summary>
internal sealed class PyTorchImages(PyTorch pyTorch, int threads) : IDisposable
{
    private readonly Process _process = pyTorch.Start("pytorch_images.py", threads.ToString(CultureInfo.InvariantCulture));

    /// <summary>Trains a network; the seconds it took.</summary>
    public double Time(string network, int steps) => Ask(string.Create(CultureInfo.InvariantCulture, $"time {network} {steps}"));

    /// <summary>The most memory that the process has held so far, in bytes.</summary>
    public double Memory() => Ask("memory");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private double Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new WorkFailedException("bench/peers/pytorch_images.py ended before its time; what it wrote above says why.");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }
}
