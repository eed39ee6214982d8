using System.Globalization;

namespace Lottery.Studies.Slurm;

/// <summary>What a study on Slurm has in its job's folder in the store.</summary>
/// <param name="Folder">The job's folder.</param>
internal sealed record SlurmJobPaths(string Folder)
{
    /// <summary>The study's file, scripts, task files and logs.</summary>
    public string Files => Path.Combine(Folder, Store.StorePaths.SlurmFolder);

    /// <summary>Which arrays were submitted, and what has become of their tasks.</summary>
    public string State => Path.Combine(Folder, Store.StorePaths.SlurmFile);

    /// <summary>The study as it was submitted.</summary>
    public string Study => Path.Combine(Files, "study.yaml");

    /// <summary>The script of an array.</summary>
    public string Script(int array) => Path.Combine(Files, string.Create(CultureInfo.InvariantCulture, $"array-{array}.sh"));

    /// <summary>What the file of a task is called, up to its index.</summary>
    public string TaskPrefix(int array) => Path.Combine(Files, string.Create(CultureInfo.InvariantCulture, $"task-{array}-"));

    /// <summary>The runs of a task.</summary>
    public string Task(int array, int index) => string.Create(CultureInfo.InvariantCulture, $"{TaskPrefix(array)}{index}.json");

    /// <summary>A line for each worker of a task that was killed since one said why.</summary>
    /// <param name="task">The task's file.</param>
    public static string Killed(string task) => System.IO.Path.ChangeExtension(task, ".killed");

    /// <summary>What the log of a task is called, up to its index.</summary>
    public string Log(int array) => Path.Combine(Files, string.Create(CultureInfo.InvariantCulture, $"log-{array}-"));

    /// <summary>What the workers of a task said.</summary>
    public string Log(int array, int index) => string.Create(CultureInfo.InvariantCulture, $"{Log(array)}{index}.txt");
}
