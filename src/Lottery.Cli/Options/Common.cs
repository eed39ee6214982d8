using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cuda.Training;
using Lottery.Formats.Logs;
using Lottery.Studies.Store.Files;

namespace Lottery.Cli.Options;

/// <summary>The options that several commands share. Every command has <c>--json</c> and <c>--debug</c>; the others are added where they mean something.</summary>
internal static class Common
{
    private const string StoreName = "--store", SeedName = "--seed", JobsName = "--jobs", LogName = "--log", MemoryName = "--memory", HoursName = "--max-hours", DeviceName = "--device";

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "One JSON document on standard output, all else on standard error; an error is JSON, too.",
        Recursive = true,
    };

    public static Option<bool> Debug { get; } = new("--debug")
    {
        Description = "Write to standard error what is decided, claimed, waited for and tried again, with times, and the stack trace of an error.", Recursive = true,
    };

    /// <summary>The option that names the store.</summary>
    public static Option<string> Store() => new(StoreName)
    {
        Description = "The folder of the run store.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".lottery",
    };

    /// <summary>The option that states the first seed.</summary>
    public static Option<ulong> Seed() => Values.Parsed<ulong>(
        SeedName, "N", "The first replicate's seed; replicate r has N + r.", "an integer from 0 to 18446744073709551615", Values.Unsigned, 0);

    /// <summary>The option that states the number of threads.</summary>
    public static Option<int> Jobs() => Values.Integer(JobsName, "The total number of threads.", 1, Environment.ProcessorCount);

    /// <summary>The option that states the memory.</summary>
    public static Option<long?> Memory() => new(MemoryName)
    {
        Description = "The memory of the whole program, as in 4GiB: fewer runs are trained at once where they would not fit. [default: 90 % of what the machine or its control group has]",
        HelpName = "SIZE",
        CustomParser = argument => Values.Read(MemoryName, argument, "a number of bytes with its unit, as in 4GiB or 500MB", Values.Size, 0L),
    };

    /// <summary>The option that states after what time work stops.</summary>
    public static Option<double?> MaxHours() => new(HoursName)
    {
        Description = "Stop cleanly after so many hours; the same command goes on.",
        HelpName = "H",
        CustomParser = argument => Values.Read(HoursName, argument, "a number of hours above 0 and up to 1000", Values.Hours, 1.0),
    };

    /// <summary>The option that states where runs are trained.</summary>
    public static Option<DeviceChoice> Device() => Values.Parsed<DeviceChoice>(
        DeviceName, "auto|cpu|cuda[:N]", "Where runs are trained: on the processor, on NVIDIA's card N, or on a card where there is one and the work is worth it. It changes no result.",
        "auto, cpu, cuda or cuda:N, as in cuda:1", DeviceChoice.TryRead, DeviceChoice.Auto);

    /// <summary>The device that the command line states; the processor where it cannot.</summary>
    public static DeviceChoice DeviceOf(ParseResult parsed) =>
        Find<DeviceChoice>(parsed.CommandResult.Command, DeviceName) is { } option ? parsed.GetValue(option) : default;

    /// <summary>The device as it is typed; null if the command line states none.</summary>
    public static string? StatedDeviceOf(ParseResult parsed) =>
        Find<DeviceChoice>(parsed.CommandResult.Command, DeviceName) is { } option && IsGiven(option, parsed) ? parsed.GetValue(option).ToString() : null;

    /// <summary>The bytes of memory that the command line states, or most of what there is.</summary>
    public static long MemoryOf(ParseResult parsed) =>
        StatedMemoryOf(parsed) ?? (long)(0.9 * MachineMemory.Available());

    /// <summary>The bytes of memory that the command line states; null if it does not.</summary>
    public static long? StatedMemoryOf(ParseResult parsed) => Find<long?>(parsed.CommandResult.Command, MemoryName) is { } option ? parsed.GetValue(option) : null;

    /// <summary>The time after which work stops; null for none.</summary>
    public static TimeSpan? MaxTimeOf(ParseResult parsed) =>
        Find<double?>(parsed.CommandResult.Command, HoursName) is { } option && parsed.GetValue(option) is { } hours ? TimeSpan.FromHours(hours) : null;

    /// <summary>The option that names logs of metrics; may be given several times.</summary>
    public static Option<string[]> Log() => new(LogName)
    {
        Description = "Where metrics are written as they are measured: for TensorBoard, or as lines of JSON.", HelpName = MetricsLog.Forms,
    };

    /// <summary>The logs that the command line names.</summary>
    /// <exception cref="UserException">One has another form, or cannot be written.</exception>
    public static ImmutableArray<MetricsLog> LogsOf(ParseResult parsed) => Find<string[]>(parsed.CommandResult.Command, LogName) is { } option
        ? [.. (parsed.GetValue(option) ?? []).Select(MetricsLog.Create)] : [];

    /// <summary>The command's option that names the store; null where it has none.</summary>
    public static Option<string>? FindStore(Command command) => Find<string>(command, StoreName);

    /// <summary>The store that the command line names, or the usual one.</summary>
    public static string StoreOf(ParseResult parsed) => parsed.GetValue(FindStore(parsed.CommandResult.Command)!)!;

    /// <summary>The seed that the command line states, or 0.</summary>
    public static ulong SeedOf(ParseResult parsed) => parsed.GetValue(Find<ulong>(parsed.CommandResult.Command, SeedName)!);

    /// <summary>The number of threads that the command line states, or one a core.</summary>
    public static int JobsOf(ParseResult parsed) => Find<int>(parsed.CommandResult.Command, JobsName) is { } option ? parsed.GetValue(option) : Environment.ProcessorCount;

    /// <summary>Whether the command line states the number of threads.</summary>
    public static bool AreJobsGiven(ParseResult parsed) => Find<int>(parsed.CommandResult.Command, JobsName) is { } option && IsGiven(option, parsed);

    /// <summary>Whether an option is about where and how the work is done, and not about what it is.</summary>
    public static bool IsGeneral(Option option) => option.Name is StoreName or JobsName or LogName or MemoryName or HoursName or DeviceName;

    /// <summary>Whether the command line states an option, rather than its default.</summary>
    public static bool IsGiven(Option option, ParseResult parsed) => parsed.GetResult(option) is { Implicit: false };

    private static Option<T>? Find<T>(Command command, string name) => command.Options.OfType<Option<T>>().FirstOrDefault(option => option.Name == name);
}
