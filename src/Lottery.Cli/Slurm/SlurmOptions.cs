using System.CommandLine;
using System.Globalization;
using Lottery.Cli.Options;
using Lottery.Studies.Slurm;

namespace Lottery.Cli.Slurm;

/// <summary>The options of <c>study run</c> that are about Slurm; the site's file states what they leave out.</summary>
internal sealed class SlurmOptions
{
    private const string Here = "here", Slurm = "slurm";
    private static readonly string[] s_names = ["--on", "--partition", "--account", "--time", "--gres", "--max-tasks", "--detach"];

    private readonly ChoiceOption<bool> _on = new("--on", "Where the runs are trained: here, or on a Slurm cluster whose nodes see the store.", (Here, false), (Slurm, true));
    private readonly Option<string?> _partition = Text("--partition", "NAME", "Slurm's partition.");
    private readonly Option<string?> _account = Text("--account", "NAME", "The account that Slurm charges.");

    private readonly Option<string?> _time = new("--time")
    {
        Description = "The time limit of a Slurm task, as in 4:00:00; a longer run goes on in another one.",
        HelpName = "TIME",
        CustomParser = argument => Values.Read<string>("--time", argument, "a time as Slurm writes it, as in 90 (minutes), 4:00:00 or 2-12:00:00", Time, ""),
    };

    private readonly Option<string?> _gres = Text("--gres", "RESOURCES", "Generic resources of a Slurm task, as in gpu:1.");
    private readonly Option<int?> _maxTasks = Values.IntegerOrNone("--max-tasks", "The most tasks of a Slurm array that run at once.", 1);
    private readonly Option<bool> _detach = new("--detach") { Description = "Return when Slurm has the study; `lottery study attach` shows it." };
    private readonly Option<string?> _task = new("--task") { Description = "The runs of one task, for the workers on Slurm.", HelpName = "FILE", Hidden = true };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_on, _partition, _account, _time, _gres, _maxTasks, _detach, _task];

    /// <summary>Whether an option has a heading of its own in the help.</summary>
    public static bool IsOne(Option option) => s_names.Contains(option.Name);

    /// <summary>The file of a worker's task; null where this process is none.</summary>
    public string? TaskOf(ParseResult parsed) => parsed.GetValue(_task);

    /// <summary>Whether the command returns when Slurm has the study.</summary>
    public bool Detaches(ParseResult parsed) => parsed.GetValue(_detach);

    /// <summary>How the study is spread on Slurm; null where it is trained here.</summary>
    /// <exception cref="UserException">The site's file is wrong, or an option of Slurm is given without <c>--on slurm</c>.</exception>
    public SlurmSettings? Of(ParseResult parsed)
    {
        if (!_on.Of(parsed))
        {
            if (All.FirstOrDefault(option => IsOne(option) && option != _on && Common.IsGiven(option, parsed)) is { } other)
                throw new UserException($"{other.Name} is about Slurm; add --on slurm, or leave it out.");
            return null;
        }
        SlurmSettings site = SlurmSettings.Read(SlurmSettings.SiteFile);
        return site with
        {
            Partition = parsed.GetValue(_partition) ?? site.Partition,
            Account = parsed.GetValue(_account) ?? site.Account,
            Time = parsed.GetValue(_time) ?? site.Time,
            Gres = parsed.GetValue(_gres) ?? site.Gres,
            Device = Common.StatedDeviceOf(parsed),
            Memory = Common.StatedMemoryOf(parsed) is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes >> 20)}M") : site.Memory,
            MaxTasks = parsed.GetValue(_maxTasks) ?? site.MaxTasks,
            Cores = Common.AreJobsGiven(parsed) ? Common.JobsOf(parsed) : site.Cores,
        };
    }

    private static bool Time(string text, out string value)
    {
        value = text;
        return SlurmSettings.SecondsOf(text) is not null;
    }

    private static Option<string?> Text(string name, string valueName, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = valueName };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (token.Value.Length == 0 || token.Value.Any(char.IsControl))) result.AddError($"{name} must be a word.");
        });
        return option;
    }
}
