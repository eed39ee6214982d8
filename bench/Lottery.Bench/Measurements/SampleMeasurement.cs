using System.Diagnostics;
using Lottery.Bench.Timing;
using Lottery.Data;
using Lottery.Search;
using Lottery.Tickets;

namespace Lottery.Bench.Measurements;

/// <summary>The sample as a native program: its size, what it needs from its start to its answer, and a prediction.</summary>
internal static class SampleMeasurement
{
    private const int Runs = 31;

    public static IEnumerable<string> Run(Dataset mnist)
    {
        (int code, string size) = OperatingSystem.IsWindows()
            ? Start("cmd", "/c", Repository.At("dev.cmd"), "sample")
            : Start("/bin/sh", Repository.At("dev"), "sample");
        if (code != 0) throw new WorkFailedException("./dev sample did not publish the sample.");
        yield return size;
        string folder = Directory.CreateTempSubdirectory("lottery-").FullName;
        try
        {
            RunResult level = RealSearch.Run(mnist, 100).Nearest(0.036);
            string ticket = Path.Combine(folder, "digits.ticket"), image = Path.Combine(folder, "digit.pgm");
            Ticket.FromTrained(level.Mask, level.Best).Save(ticket);
            File.WriteAllBytes(image, [.. "P5\n28 28\n255\n"u8, .. mnist.Test.Pixels.Span[..784]]);
            string program = Repository.At("artifacts", "sample", "native", OperatingSystem.IsWindows() ? "Classify.exe" : "Classify");
            var milliseconds = new double[Runs];
            for (int i = 0; i < Runs; i++)
            {
                long start = Stopwatch.GetTimestamp();
                Start(program, ticket, image);
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            yield return FormattableString.Invariant(
                $"{Rounds.Median(milliseconds):F1} ms from its start to its end: load a ticket of lenet-300-100 at {level.Mask.Density:P1} ({new FileInfo(ticket).Length} bytes), classify one image; median of {Runs}");
            yield return Start(program, ticket, image, "--time").Output.Split('\n')[1];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Code, string Output) Start(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd().TrimEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
