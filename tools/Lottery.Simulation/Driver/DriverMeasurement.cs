using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Numerics;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Simulation.Driver;

/// <summary>Really completes a study of thousands of tiny runs, in a store on a disk, and says what a run costs besides its training.</summary>
internal static class DriverMeasurement
{
    private const int Inputs = 16, Classes = 3, Training = 300, Testing = 50;

    /// <summary>Runs the study, and writes what its parts took.</summary>
    /// <param name="settings">The study.</param>
    /// <param name="folder">An empty folder on the disk to be measured.</param>
    /// <param name="to">Receives the table.</param>
    /// <exception cref="UserException">A run failed.</exception>
    public static void Write(DriverSettings settings, string folder, TextWriter to)
    {
        using var counts = new CallCounts(folder);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        var store = new RunStore(Path.Combine(folder, "store")) { Warn = Console.Error.WriteLine };
        var timed = new TimedStore(store);
        Dataset data = MadeUpData();
        store.NameData(data);
        var plan = StudyPlan.Create(Study.Read(StudyFile(settings, folder), new()), _ => data, timed);
        TimeSpan planned = Stopwatch.GetElapsedTime(began);
        store.AddToStudy("driver", plan.Ids);
        long before = Stopwatch.GetTimestamp();
        using var writer = new RunWriter(store, RunWriter.MostOf(settings.Jobs));
        var executor = new RunExecutor { Reserve = store.Reservations.Reserve, Writer = writer };
        foreach (RunOutcome outcome in executor.Run(plan.Tasks, settings.Jobs))
            if (outcome.Failure is { } failure) throw failure;
        TimeSpan executed = Stopwatch.GetElapsedTime(before);
        cpu = Environment.CpuUsage.TotalTime - cpu;

        int runs = plan.Tasks.Length;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs} runs of {settings.Network}, {settings.Steps} steps each, {settings.Jobs} at once"));
        to.WriteLine();
        to.WriteLine("| a run | |");
        to.WriteLine("|---|--:|");
        Row("plan", planned);
        Row("find", timed.Find);
        Row("claim", timed.Claim);
        Row("train", timed.Train);
        Row("note evaluations", timed.Report);
        Row("hand over", timed.Finish);
        Row("all, a thread", executed * settings.Jobs);
        Row("besides training, a thread", executed * settings.Jobs - timed.Train);
        Row("CPU", cpu);
        Count("calls that change the store", counts.All);
        Count("files opened", counts.Of(DiskCall.Open));
        Count("waits for the disk", counts.Waits);

        void Row(string name, TimeSpan time) => to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {time.TotalMilliseconds / runs:0.00} ms |"));

        void Count(string name, int calls) => to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {(double)calls / runs:0.0} |"));
    }

    private static string StudyFile(DriverSettings settings, string folder)
    {
        string path = Path.Combine(folder, "driver.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            study: driver
            network: {{settings.Network}}
            data: { set: made-up, validation: 50 }
            train: { steps: {{settings.Steps}}, batch: 10, evaluate: { every: {{settings.Steps}} } }
            prune: { levels: {{settings.Levels}} }
            replicates: {{settings.Replicates}}

            """));
        return path;
    }

    private static Dataset MadeUpData() => Dataset.Create("made-up", Classes, MadeUpExamples("train", Training), MadeUpExamples("test", Testing));

    private static Examples MadeUpExamples(string part, int count)
    {
        var stream = new RandomStream(1, part);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % Classes))];
        byte[] pixels = [.. Enumerable.Range(0, count * Inputs).Select(i => (byte)(160 * stream.Uniform(i) + (i % Inputs % Classes == labels[i / Inputs] ? 90 : 0)))];
        return new(pixels, labels, Inputs);
    }
}
