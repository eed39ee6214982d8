using Lottery.Kernels;

namespace Lottery.SystemTests.Processes;

/// <summary>The small searches in a process whose environment decides what the processor may do.</summary>
internal static class SearchChild
{
    public static async Task<(string[] Available, string Chosen, string Fingerprint, string Images, string Supermasks)> Run(
        (string Name, string Value)[] environment)
    {
        using var process = ChildProcess.Start(nameof(SearchChild), [], environment);
        string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n');
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return (lines[0].Split(' '), lines[1], lines[2], lines[3], lines[4]);
    }

    /// <summary>What the child does.</summary>
    public static void Work()
    {
        Console.WriteLine(string.Join(' ', KernelRegistry.Available));
        Console.WriteLine(KernelRegistry.Chosen);
        Console.WriteLine(SmallSearch.Fingerprint());
        Console.WriteLine(SmallImages.Fingerprint());
        Console.WriteLine(SmallSupermask.Fingerprint());
    }
}
