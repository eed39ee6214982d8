using System.Diagnostics;
using Lottery.Networks;

namespace Lottery.SystemTests.Networks;

/// <summary>A second implementation, in Python, samples the same initial weights.</summary>
public sealed class PythonInitialWeightsTests
{
    private static string Script => Repository.At("tests/Lottery.SystemTests/Networks/initial_weights.py");

    [Theory]
    [InlineData(2)]
    [InlineData(18446744073709551615)]
    public void PlainPythonFindsTheSameBits(ulong seed)
    {
        Assert.SkipUnless(HasPython(), "There is no python3 here.");
        Assert.Equal(Python(Script, $"{seed}"), WeightHashes.Of(InitialWeights.Sample(Network.Lenet300100, seed)));
    }

    private static bool HasPython() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "python3")));

    private static string[] Python(params string[] arguments)
    {
        using Process python = Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true })!;
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
