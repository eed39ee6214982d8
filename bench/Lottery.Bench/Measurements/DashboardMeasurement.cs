using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Store;

namespace Lottery.Bench.Measurements;

/// <summary>The dashboard of a store with very many runs: how soon its pages come, and how much memory it takes.</summary>
internal static class DashboardMeasurement
{
    private const int LevelsASeed = 9, Requests = 20;

    /// <summary>Makes a store with <paramref name="runs"/> runs, serves it from another process, and prints what that takes.</summary>
    public static void Run(int runs)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-bench-");
        try
        {
            Console.Error.WriteLine($"training {runs:N0} runs of one step …");
            Fill(folder.FullName, runs);
            Measure(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Fill(string folder, int runs)
    {
        var random = new Random(1);
        byte[] pixels = new byte[200 * 20], labels = [.. Enumerable.Range(0, 200).Select(i => (byte)(i % 3))];
        random.NextBytes(pixels);
        var examples = new Examples(pixels, labels, 20);
        var data = Dataset.Create("random", 3, examples, examples);
        var store = new RunStore(folder);
        store.NameData(data);
        for (int seed = 0; seed * (LevelsASeed + 1) < runs; seed++)
        {
            var search = new TicketSearch(NetworkCatalogue.Get("mlp:20-8-3"), data.Split(50, (ulong)seed))
            {
                Pruning = new() { Levels = Math.Min(LevelsASeed, runs - seed * (LevelsASeed + 1) - 1) },
                Training = new() { Steps = 1, Batch = 10, Evaluate = 1 },
                Runs = store,
            };
            foreach (Level _ in search.Run((ulong)seed)) { }
        }
    }

    private static void Measure(string folder)
    {
        var watch = Stopwatch.StartNew();
        using Process server = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), "serve", "--store", folder, "--port", "0", "--json"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            string json = "";
            while (!json.Contains('}', StringComparison.Ordinal) && server.StandardOutput.ReadLine() is { } line) json += line;
            using var client = new HttpClient { BaseAddress = new((string)JsonNode.Parse(json)!["url"]!) };
            Tell("from the command to its address", watch.Elapsed);
            watch.Restart();
            int length = client.GetStringAsync("/runs").Result.Length;
            Tell($"first page, with a hundred of the runs ({length / 1000} kB)", watch.Elapsed);
            foreach (string page in (string[])["/", "/runs?sort=-accuracy&page=50", "/runs?q=level%3D3+density%3C60%25&sort=seed"])
                Tell($"{page}, median of {Requests}", Median(client, page));
            server.Refresh();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| memory, now and at most | {server.WorkingSet64 / 1e6:0} MB, {server.PeakWorkingSet64 / 1e6:0} MB |"));
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    }

    private static TimeSpan Median(HttpClient client, string page) => Enumerable.Range(0, Requests).Select(_ =>
    {
        var watch = Stopwatch.StartNew();
        client.GetStringAsync(page).Wait();
        return watch.Elapsed;
    }).Order().ElementAt(Requests / 2);

    private static void Tell(string what, TimeSpan time) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {time.TotalSeconds:0.000} s |"));
}
