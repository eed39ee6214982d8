using System.Globalization;

namespace Lottery.Fuzz;

/// <summary>What came of the cases of one format.</summary>
internal sealed class FuzzReport
{
    public required string Name { get; init; }

    public int Cases { get; private set; }

    /// <summary>Cases whose lengths and checksum were made right after the damage.</summary>
    public int Repaired { get; private set; }

    public int Accepted { get; private set; }

    public TimeSpan Time { get; set; }

    public TimeSpan Slowest { get; private set; }

    /// <summary>The most bytes allocated for one file.</summary>
    public long MostAllocated { get; private set; }

    public List<Finding> Findings { get; private init; } = [];

    public static string Head =>
        "format           cases  checksum right  accepted     refused  findings  seconds  slowest  most allocated";

    public void Add(Case drawn, Outcome outcome)
    {
        Cases++;
        if (drawn.ChecksumIsRight) Repaired++;
        if (outcome.Thrown is null) Accepted++;
        if (outcome.Time > Slowest) Slowest = outcome.Time;
        MostAllocated = Math.Max(MostAllocated, outcome.Allocated);
    }

    /// <summary>All formats together.</summary>
    public static FuzzReport Total(IReadOnlyList<FuzzReport> reports) => new()
    {
        Name = "all", Cases = reports.Sum(report => report.Cases), Repaired = reports.Sum(report => report.Repaired),
        Accepted = reports.Sum(report => report.Accepted), Time = new(reports.Sum(report => report.Time.Ticks)),
        Slowest = reports.Max(report => report.Slowest), MostAllocated = reports.Max(report => report.MostAllocated),
        Findings = [.. reports.SelectMany(report => report.Findings)],
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name,-12} {Cases,9:N0} {(Repaired == 0 ? "" : $"{Repaired:N0}"),15} {Accepted,9:N0} {Cases - Accepted,11:N0} {Findings.Count,9} {Time.TotalSeconds,8:0.0} {Slowest.TotalMilliseconds,5:0} ms {MostAllocated / 1e6,12:0.0} MB");
}
