using System.Collections.Concurrent;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Simulation.Stores;

/// <summary>Makes a store with many finished runs of a small network. Their files are those of real runs; no network is trained.</summary>
internal static class StoreGenerator
{
    private const string Study = "made-up", Data = "made-up data";
    private const int MostInReport = 20_000;

    /// <summary>Fills a new store.</summary>
    /// <param name="folder">Its folder, which must not exist.</param>
    /// <param name="count">The number of runs.</param>
    /// <param name="evaluations">Evaluations of each run.</param>
    /// <param name="said">Receives the number of runs that there are now and then.</param>
    public static void Fill(string folder, int count, int evaluations, Action<int> said)
    {
        if (Path.Exists(folder)) throw new UserException($"{folder} exists; name a folder that does not.");
        var store = new RunStore(folder) { Warn = Console.Error.WriteLine };
        store.Create();
        Directory.CreateDirectory(store.Paths.Runs);
        var ids = new ConcurrentDictionary<int, string[]>();
        int done = 0;
        Parallel.ForEach(MadeUpStudy.Searches(count, evaluations).Index(), search =>
        {
            ids[search.Index] = [.. search.Item.Select(run => Keep(store, run))];
            if (Interlocked.Add(ref done, search.Item.Length) / MostInReport is var part && part > (done - search.Item.Length) / MostInReport) said(done);
        });
        store.AddToStudy(Study, ids.OrderBy(search => search.Key).SelectMany(search => search.Value), MadeUpStudy.Axes);
    }

    /// <summary>Writes a run as a store does, but leaves it to the system when the disk has it.</summary>
    private static string Keep(RunStore store, RunSpecification run)
    {
        string id = RunIdentity.Of(run), folder = store.Paths.Run(id);
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in RunFolder.Files(MadeUpResult.Of(run), Data, DateTimeOffset.UtcNow, store.Initial).Files)
            File.WriteAllBytes(Path.Combine(folder, name), content);
        return id;
    }
}
