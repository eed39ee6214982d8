using System.Globalization;

namespace Lottery.Fuzz;

/// <summary>Looks on from another thread: a case that never ends is told and its file kept, and the program ends.</summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ulong _seed;
    private readonly Timer _timer;
    private Finding? _under;
    private long _since;

    public Watch(ulong seed)
    {
        _seed = seed;
        _timer = new(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Writes the file of a finding into <c>artifacts/fuzz/</c> and tells where.</summary>
    public static string Keep(ulong seed, Finding finding)
    {
        string folder = Path.Combine("artifacts", "fuzz");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{finding.Target}-{seed}-{finding.Case}"));
        File.WriteAllBytes(path, finding.Content);
        return path;
    }

    /// <summary>A case begins.</summary>
    public void Began(Target target, int number, byte[] content)
    {
        Volatile.Write(ref _under, new(target.Name, number, "it does not end", content));
        Volatile.Write(ref _since, Environment.TickCount64);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Volatile.Read(ref _under) is not { } under || Environment.TickCount64 - Volatile.Read(ref _since) < s_patience.TotalMilliseconds) return;
        Console.WriteLine($"  {under.Target} {under.Case}: {under.What}\n  kept in {Keep(_seed, under)}");
        Environment.Exit(1);
    }
}
