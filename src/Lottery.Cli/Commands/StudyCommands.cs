using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Cli.Slurm;
using Lottery.Cli.Studies;
using Lottery.Cli.Tables;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Estimates;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Studies: files whose axes make many runs.</summary>
internal sealed class StudyCommand : Command
{
    public StudyCommand(Terminal terminal) : base("study", "Run, plan, list or show studies: YAML files whose axes make many runs.")
    {
        Add(new StudyRunCommand(terminal));
        Add(new StudyPlanCommand(terminal));
        Add(new StudyAttachCommand(terminal));
        Add(new StudyCancelCommand(terminal));
        Add(new StudyListCommand(terminal));
        Add(new StudyShowCommand(terminal));
        Add(new StudySchemaCommand(terminal));
    }
}

/// <summary>A command that plans a study.</summary>
internal abstract class PlanningCommand(string name, string description, string example, Terminal terminal) : StoreCommand(name, description, example, terminal)
{
    /// <summary>Prints a plan, and what it costs on the processor and on a card.</summary>
    /// <exception cref="UserException">The card that was stated cannot be used.</exception>
    protected void WritePlan(StudyWork work, ParseResult parsed)
    {
        (int jobs, long memory) = (Common.JobsOf(parsed), Common.MemoryOf(parsed));
        CardEstimate? card = StudyOnCard.Choose(Common.DeviceOf(parsed), () => CardList.Find()) is { } chosen
            ? StudyOnCard.Estimate(chosen, work, Common.AreJobsGiven(parsed) ? jobs : null, memory) : null;
        if (parsed.GetValue(Common.Json)) Write(StudySummary.PlanJson(work, jobs, memory, card));
        else Write(StudySummary.Plan(work, jobs, memory, card).SelectMany(line => TextTable.Hanging(line, Terminal.Width)));
    }
}

/// <summary>A command that completes a study and prints its table.</summary>
internal abstract class CompletingCommand(string name, string description, string example, Terminal terminal) : PlanningCommand(name, description, example, terminal)
{
    /// <summary>Completes the runs, and prints the table.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UserException">Runs failed, or the work was interrupted; the table is printed first where there is one.</exception>
    protected int Complete(StudyRunner runner, StudyWork work, ComparisonSettings settings, bool json)
    {
        Study study = work.Plan.Study;
        int runs = work.Plan.Tasks.Length;
        UserException? failure;
        try
        {
            failure = runner.Train(work, StudySummary.Title(study, runs));
        }
        catch (DetachedException)
        {
            return 0;
        }
        // Without any finished run there is no table, and the failure is all there is to say.
        if (failure is not null && !work.Plan.Ids.Any(id => Directory.Exists(work.Store.Paths.Run(id)))) throw failure;
        ImmutableArray<ReportSection> sections = StoredStudy.Sections(work.Store, study.Name!, work, settings);
        if (json) Write(StudySummary.SectionsJson(study.Name!, sections));
        else
            Write(
            [
                "", .. StudySummary.Lines(sections, Terminal.Width), "",
                .. SearchSummary.End(Terminal, runner.Seconds, runs, work.Store.Paths.Root,
                    $"lottery report {study.Name} -o {study.Name}.html", $"lottery study show {study.Name}"),
            ]);
        return failure is null ? 0 : throw failure;
    }
}

/// <summary>Trains the missing runs of a study, and prints its table.</summary>
internal sealed class StudyRunCommand : CompletingCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The study's YAML file." };
    private readonly StudyOptions _options = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the plan, and train nothing." };
    private readonly ComparisonOptions _comparison = new();
    private readonly SlurmOptions _slurm = new();

    public StudyRunCommand(Terminal terminal) : base("run", "Train what is missing of a study, and print its table.",
        "lottery study run studies/criteria.yaml --scale quick", terminal)
    {
        Add(_file);
        foreach (Option option in (Option[])[.. _options.All, .. _comparison.All, _dryRun, .. _slurm.All, Common.Jobs(), Common.Device(), Common.Memory(), Common.MaxHours(), Common.Log()]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        SlurmSettings? spread = _slurm.Of(parsed);
        StudyOverrides overrides = _options.Overrides(parsed);
        SlurmDriver? driver = spread is null ? null
            : new(Terminal, spread, new SlurmClient()) { File = parsed.GetValue(_file)!, Overrides = overrides, Detaches = _slurm.Detaches(parsed) };
        var runner = new StudyRunner(Terminal, parsed) { Elsewhere = driver is null ? null : driver.Complete };
        ComparisonSettings settings = _comparison.Read(parsed);
        string? task = _slurm.TaskOf(parsed);
        Terminal.Interruption.EndsBySecond = task is null;
        StudyWork work = runner.Plan(_options.Read(parsed.GetValue(_file)!, parsed));
        if (task is not null) return SlurmWorker.Run(Terminal, runner, work, task);
        bool json = parsed.GetValue(Common.Json);
        if (parsed.GetValue(_dryRun))
        {
            if (spread is not null) WriteScripts(SlurmDriver.Plan(work, spread, overrides, new SlurmClient()), json);
            else WritePlan(work, parsed);
            return 0;
        }
        return Complete(runner, work, settings, json);
    }

    /// <summary>The scripts that sbatch would be given, each after the one that it waits for.</summary>
    private void WriteScripts(ImmutableArray<(SlurmArray Array, string Script)> scripts, bool json)
    {
        if (json)
        {
            Write(new JsonArray([.. scripts.Select(one => (JsonNode)new JsonObject
            {
                ["array"] = one.Array.Number, ["after"] = one.Array.After, ["tasks"] = one.Array.Tasks.Length, ["runs"] = one.Array.Tasks.Sum(task => task.Runs.Length),
                ["seconds"] = one.Array.Tasks.Sum(task => task.Seconds), ["script"] = one.Script,
            })]));
            return;
        }
        if (scripts.IsEmpty) Write("Nothing is left to train.");
        foreach ((SlurmArray array, string script) in scripts)
        {
            string after = array.After is { } other ? $", submitted with --dependency=aftercorr:ID --kill-on-invalid-dep=yes, ID being that of array {other}" : "";
            Terminal.WriteLine($"# Array {array.Number} of {scripts.Length}: {StudySummary.Several(array.Tasks.Length, "task")} with {StudySummary.Several(array.Tasks.Sum(task => task.Runs.Length), "run")}, "
                + $"at most {NumberFormat.Duration(array.Tasks.Max(task => task.Seconds))} each, by rule of thumb{after}.");
            foreach (string line in script.TrimEnd().Split('\n')) Terminal.WriteLine(line);
            Terminal.WriteLine();
        }
    }
}

/// <summary>Prints the plan of a study.</summary>
internal sealed class StudyPlanCommand : PlanningCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The study's YAML file." };
    private readonly StudyOptions _options = new();

    public StudyPlanCommand(Terminal terminal) : base("plan", "Print a study with all defaults, its runs, and what they cost.",
        "lottery study plan studies/criteria.yaml --scale quick", terminal)
    {
        Add(_file);
        foreach (Option option in (Option[])[.. _options.All, Common.Jobs(), Common.Device(), Common.Memory()]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        var assumed = new List<string>();
        var work = new StudyWork(_options.Read(parsed.GetValue(_file)!, parsed), OpenOrNew(parsed), load: name => Load(name, assumed));
        foreach (string sentence in assumed) Terminal.Say(sentence);
        WritePlan(work, parsed);
        return 0;
    }

    /// <summary>A data set, or one of the same sizes where a known set is not there: a plan needs no pixel.</summary>
    private static Dataset Load(string name, List<string> assumed)
    {
        if (KnownSet.Find(name) is not { } set || DatasetLocator.FromEnvironment().Find(set) is not null) return DataSource.Load(name);
        Dataset standIn = set.StandIn();
        assumed.Add($"{set.Title} is not here; planned with its {NumberFormat.Count(standIn.Train.Count)} training and "
            + $"{NumberFormat.Count(standIn.Test.Count)} test images{(set.ContentSha256 is null ? ", and without knowing which runs are finished" : "")}. "
            + $"`lottery data get {set.Name}` downloads it.");
        return standIn;
    }
}

/// <summary>Lists studies: files in <c>studies/</c>, and those of which a store has runs.</summary>
internal sealed class StudyListCommand(Terminal terminal)
    : StoreCommand("list", "List the study files in ./studies and the studies in the store.", "lottery study list", terminal)
{
    private const string Folder = "studies";

    protected override int Run(ParseResult parsed)
    {
        // The files can be listed before there is any store, but not beside one that was meant and is not there.
        RunStore store = Common.IsGiven(Common.FindStore(this)!, parsed) ? Open(parsed) : OpenOrNew(parsed);
        Entry[] entries = [.. Entries(store)];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. entries.Select(Json)]));
        else if (entries.Length == 0)
            Terminal.Say($"There are no study files in ./{Folder} and no studies in {store.Paths.Root}.");
        else
            Write(new TextTable(new Column("study"), new("file", ColumnKind.Whole), new("finished", ColumnKind.Number), new("about", ColumnKind.Whole))
                .Add(entries.Select(Cells)));
        return 0;
    }

    private IEnumerable<Entry> Entries(RunStore store)
    {
        HashSet<string> finished = [.. store.List().Select(run => run.Id)];
        Study[] files = [.. Files()];
        var names = files.Select(file => file.Name!).Concat(store.StudyNames).Distinct().Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            string[] ids = [.. store.Study(name)];
            Study? file = files.FirstOrDefault(file => file.Name == name);
            yield return new(name, file?.Path, file?.About, ids.Length, ids.Count(finished.Contains));
        }
    }

    /// <summary>The files that can be read; errors of the others are printed.</summary>
    private IEnumerable<Study> Files()
    {
        string[] paths = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.yaml") : [];
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            Study file;
            try
            {
                file = Study.Read(path, new());
            }
            catch (UserException wrong)
            {
                Terminal.Say(wrong.Message);
                continue;
            }
            yield return file;
        }
    }

    private static string[] Cells(Entry entry) =>
    [
        entry.Name, entry.File ?? "–",
        entry.Runs == 0 ? "" : $"{NumberFormat.Count(entry.Finished)} of {NumberFormat.Count(entry.Runs)}",
        entry.About ?? "",
    ];

    private static JsonNode Json(Entry entry) => new JsonObject
    {
        ["study"] = entry.Name,
        ["file"] = entry.File,
        ["about"] = entry.About,
        ["runs"] = entry.Runs,
        ["finished"] = entry.Finished,
    };

    private sealed record Entry(string Name, string? File, string? About, int Runs, int Finished);
}

/// <summary>Prints the table of the finished runs of a study.</summary>
internal sealed class StudyShowCommand : StoreCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "A study's name in the store, or its YAML file." };
    private readonly StudyOptions _options = new();
    private readonly ComparisonOptions _comparison = new();

    public StudyShowCommand(Terminal terminal) : base("show", "Print the table of a study's finished runs.",
        "lottery study show criteria", terminal)
    {
        Add(_study);
        foreach (Option option in _options.All.Concat(_comparison.All)) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        string study = parsed.GetValue(_study)!;
        RunStore store = Open(parsed);
        bool isFile = IsFile(study), isGiven = _options.AreGiven(parsed);
        if (!isFile && isGiven)
            throw new UserException(
                $"Scales and other values are a file's, and '{study}' is the name of a study in the store: name its file.");
        StudyWork? work = isFile && isGiven ? new(_options.Read(study, parsed), store) : null;
        string name = work?.Plan.Study.Name ?? (isFile ? _options.Read(study, parsed).Name! : study);
        ImmutableArray<ReportSection> sections = StoredStudy.Sections(store, name, work, _comparison.Read(parsed));
        if (parsed.GetValue(Common.Json)) Write(StudySummary.SectionsJson(name, sections));
        else Write(StudySummary.Lines(sections, Terminal.Width));
        return 0;
    }

    private static bool IsFile(string study) =>
        File.Exists(study) || Path.GetExtension(study) is ".yaml" or ".yml" || study.AsSpan().IndexOfAny('/', '\\') >= 0;
}

/// <summary>Prints the schema by which editors complete and check study files.</summary>
internal sealed class StudySchemaCommand(Terminal terminal)
    : LotteryCommand("schema", "Print the JSON schema of study files, for editors.", "lottery study schema", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        Terminal.WriteLine(StudySchema.Text.TrimEnd());
        return 0;
    }
}
