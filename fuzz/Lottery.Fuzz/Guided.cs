using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Lottery.Fuzz.Targets;
using Lottery.Tickets;
using SharpFuzz;

namespace Lottery.Fuzz;

/// <summary>
/// Coverage-guided fuzzing of the ticket reader: SharpFuzz adds branch counters to a copy of the reader's assembly, and
/// afl-fuzz keeps every file that reaches a new branch and mutates it further. Lengths and checksum are corrected before a
/// file is read, as otherwise nearly every file would be refused by its checksum.
/// </summary>
internal static class Guided
{
    private const string Child = "guided-child";
    private static readonly string s_folder = Path.Combine("artifacts", "fuzz", "guided");

    /// <summary>True if the arguments are those of the process that afl-fuzz starts.</summary>
    public static bool IsChild(string[] arguments) => arguments is [Child, ..];

    /// <summary>Reads the files that afl-fuzz sends until it stops; a finding is an exception, which afl-fuzz counts as a crash.</summary>
    public static void RunChild(string folder)
    {
        var target = new TicketTarget();
        var runner = new Runner(0, folder) { Patience = 20 };
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            if (runner.Check(target, Repaired(bytes.ToArray()), out _) is { } complaint) throw new FindingException(complaint);
        });
    }

    /// <summary>Fuzzes for so many minutes and prints what was found.</summary>
    /// <returns>1 if a file is a finding, else 0.</returns>
    /// <exception cref="UserException">afl-fuzz is not installed or fails.</exception>
    public static int Run(double minutes)
    {
        string program = Path.Combine(s_folder, "bin"), seeds = Path.Combine(s_folder, "seeds"), output = Path.Combine(s_folder, "out");
        if (Directory.Exists(s_folder)) Directory.Delete(s_folder, recursive: true);
        foreach (string folder in (string[])[program, seeds]) Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory)) File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        _ = Fuzzer.Instrument(Path.Combine(program, "Lottery.Engine.dll"), IsReader, Options.Value).Count();
        foreach ((int i, Ticket ticket) in TicketCorpus.All().Index())
            File.WriteAllBytes(Path.Combine(seeds, string.Create(CultureInfo.InvariantCulture, $"{i}.ticket")), ticket.Write());
        Fuzz(program, seeds, output, minutes);
        PrintStatistics(output);
        return Report(Path.Combine(output, "default"));
    }

    /// <summary>What is instrumented: the reader of tickets and of the networks in their headers.</summary>
    private static bool IsReader(string type) => type.StartsWith("Lottery.Tickets.", StringComparison.Ordinal) || type.StartsWith("Lottery.Networks.Descriptions.", StringComparison.Ordinal);

    private static void Fuzz(string program, string seeds, string output, double minutes)
    {
        string seconds = ((int)Math.Ceiling(60 * minutes)).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("afl-fuzz",
            ["-i", seeds, "-o", output, "-V", seconds, "-t", "10000", "-m", "none", "--", Environment.ProcessPath!, Path.Combine(program, "Lottery.Fuzz.dll"), Child]);
        foreach (string setting in (string[])
            ["AFL_SKIP_BIN_CHECK", "AFL_SKIP_CPUFREQ", "AFL_NO_UI", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "AFL_NO_AFFINITY", "AFL_NO_COLOR"])
            start.Environment[setting] = "1";
        try
        {
            using Process fuzzer = Process.Start(start)!;
            fuzzer.WaitForExit();
            if (fuzzer.ExitCode != 0) throw new WorkFailedException($"afl-fuzz ended with {fuzzer.ExitCode}; its messages above say why.");
        }
        catch (Win32Exception)
        {
            throw new UserException("afl-fuzz was not found: install AFL++, on Debian and Ubuntu by 'apt-get install afl++'.");
        }
    }

    private static void PrintStatistics(string output)
    {
        string[] shown = ["run_time", "execs_done", "execs_per_sec", "corpus_count", "corpus_found", "edges_found", "saved_crashes", "saved_hangs"];
        foreach (string line in File.ReadLines(Path.Combine(output, "default", "fuzzer_stats")))
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is [var name, var value] && shown.Contains(name))
                Console.WriteLine($"{name,-14} {value}");
    }

    /// <summary>Reads the saved crashes and hangs once more, without instrumentation, and keeps the files of those that are findings.</summary>
    private static int Report(string results)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-fuzz-");
        var target = new TicketTarget();
        var runner = new Runner(0, folder.FullName) { Patience = 5 };
        int findings = 0;
        foreach (string path in ((string[])["crashes", "hangs"]).SelectMany(kind => Directory.GetFiles(Path.Combine(results, kind), "id:*")))
        {
            Case file = Repaired(File.ReadAllBytes(path));
            if (runner.Check(target, file, out _) is not { } complaint)
            {
                Console.WriteLine($"{path} is no finding when it is read once more.");
                continue;
            }
            Console.WriteLine($"{complaint}\n  its file: {Watch.Keep(0, new(target.Name, findings++, complaint, file.Content))}");
        }
        folder.Delete(recursive: true);
        return findings == 0 ? 0 : 1;
    }

    private static Case Repaired(byte[] file) => new("guided.ticket", TicketTarget.Checked(file, length: true)) { ChecksumIsRight = true };
}
