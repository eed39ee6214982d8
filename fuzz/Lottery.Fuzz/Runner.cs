using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Lottery.Fuzz;

/// <summary>
/// Gives a reader one file after another and looks at what it does. A finding is: an exception that is not documented, a
/// refusal that is not one sentence, more memory or time than the bound, or something accepted that is wrong.
/// </summary>
internal sealed partial class Runner(ulong seed, string folder)
{
    private const int LongestSentence = 2_000, SlowRetries = 2;

    /// <summary>By how much a file may take longer than its target allows: more than 1 where others work on the machine.</summary>
    public double Patience { get; init; } = 1;

    /// <summary>Called before each case, with what is about to be read.</summary>
    public Action<Target, int, byte[]> Began { get; init; } = static (_, _, _) => { };

    /// <summary>The last case that was read.</summary>
    public Case? Last { get; private set; }

    /// <summary>Reads as many files as there are <paramref name="cases"/>, and tells what came of it.</summary>
    public FuzzReport Run(Target target, IEnumerable<int> cases)
    {
        var report = new FuzzReport { Name = target.Name };
        long started = Stopwatch.GetTimestamp();
        foreach (int number in cases) One(target, number, report);
        report.Time = Stopwatch.GetElapsedTime(started);
        return report;
    }

    private void One(Target target, int number, FuzzReport report)
    {
        Case drawn = target.Draw(new Dice(seed, $"fuzz/{target.Name}/{number}"));
        Last = drawn;
        Began(target, number, drawn.Content);
        if (Check(target, drawn, out Outcome outcome) is { } complaint)
            report.Findings.Add(new(target.Name, number, complaint, drawn.Content));
        report.Add(drawn, outcome);
    }

    /// <summary>Reads one file.</summary>
    /// <returns>What the reader did wrong; null if it is no finding.</returns>
    public string? Check(Target target, Case file, out Outcome outcome)
    {
        Directory.CreateDirectory(Path.Combine(folder, target.Name));
        File.WriteAllBytes(Path.Combine(folder, target.Name, file.File), file.Content);
        outcome = Try(target, file);
        for (int i = 0; i < SlowRetries && IsSlow(target, file, outcome); i++) outcome = Try(target, file); // another process may have had the processor
        return Complaint(target, file, outcome);
    }

    private Outcome Try(Target target, Case drawn)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        Exception? thrown = null;
        try
        {
            target.Read(drawn, Path.Combine(folder, target.Name));
        }
        catch (Exception any) // whatever it is, it is to be told
        {
            thrown = any;
        }
        return new(thrown, Stopwatch.GetElapsedTime(started), GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private bool IsSlow(Target target, Case drawn, Outcome outcome) => outcome.Time > Patience * target.Longest(drawn);

    private string? Complaint(Target target, Case drawn, Outcome outcome) => outcome switch
    {
        { Thrown: FindingException wrong } => wrong.Message,
        { Thrown: not (null or UserException) } => $"{outcome.Thrown.GetType().Name}: {outcome.Thrown}",
        { Thrown: UserException refusal } when !IsSentence(refusal.Message) => $"this is no sentence: {refusal.Message}",
        { Thrown: null } when drawn.MustBeRefused => "a damaged file was accepted",
        _ when IsSlow(target, drawn, outcome) => $"it took {outcome.Time.TotalSeconds:0.0} s",
        _ when outcome.Allocated > target.MostAllocated(drawn) => FormattableString.Invariant(
            $"it allocated {outcome.Allocated:N0} bytes for a file of {drawn.Content.Length:N0}; at most {target.MostAllocated(drawn):N0} are allowed"),
        _ => null,
    };

    /// <summary>One line, not too long, with an end, and nothing in it that is meant for programmers.</summary>
    private static bool IsSentence(string message) =>
        message.Length is > 10 and <= LongestSentence && message[^1] is '.' or '?' && !message.Any(char.IsControl)
            && !ForProgrammers().IsMatch(message);

    [GeneratedRegex(@"Exception|\(Parameter '|   at |Lottery\.\w+\.\w")]
    private static partial Regex ForProgrammers();
}

/// <summary>What reading one file came to.</summary>
/// <param name="Thrown">Null where it was accepted.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Allocated">Bytes that the reading thread allocated.</param>
internal sealed record Outcome(Exception? Thrown, TimeSpan Time, long Allocated);

/// <summary>Something that a reader must not do.</summary>
/// <param name="Target">The format.</param>
/// <param name="Case">The number of the case.</param>
/// <param name="What">What it did.</param>
/// <param name="Content">The file.</param>
internal sealed record Finding(string Target, int Case, string What, byte[] Content);
