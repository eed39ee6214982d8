using System.Globalization;

namespace Lottery.Studies.Store.Files;

/// <summary>How much memory this process may use: what the machine has, or less where a control group, Slurm or <c>ulimit -d</c> limits it.</summary>
internal static class MachineMemory
{
    private const string DataSize = "Max data size";

    /// <summary>The bytes; what the runtime reports where the system does not say.</summary>
    public static long Available(string root = "/", Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        long[] limits = [.. Limits(root, environment).Where(limit => limit > 0)];
        return limits.Length > 0 ? limits.Min() : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    private static IEnumerable<long> Limits(string root, Func<string, string?> environment)
    {
        foreach (string line in Lines(Path.Combine(root, "proc/meminfo")))
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal)) yield return 1_024 * Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal));
        foreach (string line in Lines(Path.Combine(root, "proc/self/limits")))
            if (line.StartsWith(DataSize, StringComparison.Ordinal) && line[DataSize.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]) yield return Number(soft);
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (line.Split(':', 3) is not [_, var controllers, var group]) continue;
            (string folder, string file)? where = controllers switch
            {
                "" => ("sys/fs/cgroup", "memory.max"),
                _ when controllers.Split(',').Contains("memory") => ("sys/fs/cgroup/memory", "memory.limit_in_bytes"),
                _ => null,
            };
            if (where is not { } place) continue;
            // A group is limited by those above it, too; in a container only its own end of the path is there.
            for (string path = group.Trim('/'); ; path = Path.GetDirectoryName(path) ?? "")
            {
                foreach (string limit in Lines(Path.Combine(root, place.folder, path, place.file))) yield return Number(limit);
                if (path.Length == 0) break;
            }
        }
        if (environment("SLURM_MEM_PER_NODE") is { } node) yield return 1_048_576 * Number(node);
        else if (environment("SLURM_MEM_PER_CPU") is { } cpu && environment("SLURM_CPUS_ON_NODE") is { } cpus) yield return 1_048_576 * Number(cpu) * Number(cpus);
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>0 where a limit is none, as <c>max</c> is, and as version 1 writes a number beyond all memory.</summary>
    private static long Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < 1L << 52 ? number : 0;
}
