using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Lottery.Formats.Yaml;
using Lottery.Studies.Settings;

namespace Lottery.Studies.Slurm;

/// <summary>How a study is spread over a cluster. Nothing here changes a result.</summary>
internal sealed partial record SlurmSettings
{
    /// <summary>The partition; null for the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that is charged; null for the user's default.</summary>
    public string? Account { get; init; }

    /// <summary>The time limit of a task, as Slurm writes it; null for the partition's.</summary>
    public string? Time { get; init; }

    /// <summary>Generic resources of a task; null for none.</summary>
    public string? Gres { get; init; }

    /// <summary>Where workers train, as <c>--device</c> states it; null to leave it to them.</summary>
    public string? Device { get; init; }

    /// <summary>Memory of a task, as Slurm writes it; null for the partition's default.</summary>
    public string? Memory { get; init; }

    /// <summary>Cores of a task, which are the worker's threads.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>The most tasks of an array that run at once; null for no limit.</summary>
    public int? MaxTasks { get; init; }

    /// <summary>What a task should take, in minutes.</summary>
    public double TaskMinutes { get; init; } = 10;

    /// <summary>Seconds between two looks at Slurm's queue.</summary>
    [JsonIgnore]
    public double PollSeconds { get; init; } = 10;

    /// <summary>Further options of sbatch, as in <c>--constraint=avx2</c>.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Shell lines before the worker, as in <c>module load dotnet</c>; null for none.</summary>
    [JsonIgnore]
    public string? Setup { get; init; }

    /// <summary>The program on the nodes, where it is another than the one that submits; null for that one.</summary>
    [JsonIgnore]
    public string? Program { get; init; }

    /// <summary>The seconds of a task at which runs are put into another: half of the time limit at most, since times are estimates.</summary>
    [JsonIgnore]
    public double Target => Math.Min(TaskMinutes * 60, Time is { } time ? Math.Max(1, SecondsOf(time)!.Value / 2) : double.PositiveInfinity);

    /// <summary>What the site's file may state.</summary>
    private static MapShape Shape { get; } = new(
    [
        new("partition", new TextShape(), "The partition."),
        new("account", new TextShape(), "The account that is charged."),
        new("time", new NameShape("TIME", [], RequireTime), "The time limit of a task, as in 4:00:00."),
        new("gres", new TextShape(), "Generic resources of a task."),
        new("memory", new TextShape(), "Memory of a task, as in 4G."),
        new("cores", new IntegerShape(1), "Cores of a task."),
        new("max-tasks", new IntegerShape(1), "The most tasks of an array that run at once."),
        new("task-minutes", NumberShape.Positive, "What a task should take."),
        new("poll-seconds", NumberShape.Positive, "Seconds between two looks at Slurm's queue."),
        new("options", new ListShape(new TextShape()), "Further options of sbatch."),
        new("setup", new TextShape(), "Shell lines before the worker."),
        new("program", new TextShape(), "The program on the nodes."),
    ]);

    /// <summary>The site's settings.</summary>
    /// <param name="path">The file; one that is not there states nothing.</param>
    /// <exception cref="UserException">It cannot be read, or a value is wrong; the sentence opens with file, line and column.</exception>
    public static SlurmSettings Read(string path)
    {
        if (!File.Exists(path)) return new();
        YamlNode node = YamlReader.ReadFile(path);
        Shape.Check(node, "slurm");
        var map = (YamlMap)node;
        var usual = new SlurmSettings();
        return new()
        {
            Partition = Line(map, "partition"), Account = Line(map, "account"), Time = Line(map, "time"), Gres = Line(map, "gres"), Memory = Line(map, "memory"),
            Cores = map["cores"] is { } cores ? (int)cores.Number() : usual.Cores,
            MaxTasks = map["max-tasks"] is { } most ? (int)most.Number() : null,
            TaskMinutes = map["task-minutes"]?.Number() ?? usual.TaskMinutes,
            PollSeconds = map["poll-seconds"]?.Number() ?? usual.PollSeconds,
            Options = map["options"] is YamlList options ? [.. options.Items.Select(item => OneLine(item, "options"))] : [],
            Setup = map["setup"]?.Text, Program = Line(map, "program"),
        };
    }

    /// <summary>The seconds of a time as Slurm writes it (minutes, m:s, h:m:s, d-h, d-h:m, d-h:m:s); null where it is none.</summary>
    public static double? SecondsOf(string time)
    {
        if (TimePattern().Match(time) is not { Success: true } match) return null;
        double Part(string name) => match.Groups[name] is { Success: true } part ? double.Parse(part.Value, CultureInfo.InvariantCulture) : 0;
        double seconds = 86_400 * Part("d") + 3_600 * Part("h") + 60 * Part("m") + Part("s");
        return seconds > 0 && double.IsFinite(seconds) ? seconds : null;
    }

    /// <summary>Where the user's or the site's settings are: <c>LOTTERY_SLURM</c>, or <c>lottery/slurm.yaml</c> in the user's configuration folder.</summary>
    public static string SiteFile => Environment.GetEnvironmentVariable("LOTTERY_SLURM") is { Length: > 0 } file ? file : Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } folder ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "lottery", "slurm.yaml");

    /// <summary>These settings with what only the site's file states.</summary>
    public SlurmSettings At(SlurmSettings site) => this with { PollSeconds = site.PollSeconds, Options = site.Options, Setup = site.Setup, Program = site.Program };

    private static void RequireTime(string time)
    {
        if (SecondsOf(time) is null) throw new UserException($"'{time}' is no time limit; write it as Slurm does, as in 90 (minutes), 4:00:00 or 2-12:00:00.");
    }

    private static string? Line(YamlMap map, string key) => map[key] is { } node ? OneLine(node, key) : null;

    private static string OneLine(YamlNode node, string key) => node.Text.Any(char.IsControl)
        ? throw new UserException($"{node.Location.Subject($"slurm.{key}")} must be one line.") : node.Text;

    [GeneratedRegex(@"^(?:(?<d>\d{1,6})-(?<h>\d{1,6})(?::(?<m>\d{1,6})(?::(?<s>\d{1,6}))?)?|(?<h>\d{1,6}):(?<m>\d{1,6}):(?<s>\d{1,6})|(?<m>\d{1,6})(?::(?<s>\d{1,6}))?)\z")]
    private static partial Regex TimePattern();
}
