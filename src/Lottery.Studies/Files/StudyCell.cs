using System.Collections.Immutable;
using System.Globalization;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Studies.Files;

/// <summary>One cell of a study: a search, or, where controls are an axis, one side of it.</summary>
public sealed class StudyCell
{
    private readonly YamlMap _settings;

    private StudyCell(int index, ImmutableArray<YamlNode> values, YamlMap settings, Control? shown)
    {
        (Index, Values, _settings, Shown) = (index, values, settings, shown);
        Network = NetworkFile.Get(Text("network"));
        Supermask = SupermaskStudies.Of(settings);
        if (Supermask is not null) return;
        Criterion = Criterion.Get(Text("criterion"));
        Mask1 = Mask1.Get(Text("mask1"));
        Mask0 = Mask0.Get(Text("mask0"));
        Controls = ControlsOf(_settings["controls"]!);
    }

    /// <summary>Its place among the cells of its study.</summary>
    public int Index { get; }

    /// <summary>Its values, one an axis.</summary>
    public ImmutableArray<YamlNode> Values { get; }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>A name from the catalogue of data sets, or a path.</summary>
    public string DataSet => Text("data", "set");

    /// <summary>The score by which weights are kept.</summary>
    public Criterion Criterion { get; } = Criterion.LargeFinal;

    /// <summary>What kept weights become.</summary>
    public Mask1 Mask1 { get; } = Mask1.Rewind;

    /// <summary>What pruned weights become.</summary>
    public Mask0 Mask0 { get; } = Mask0.Zero;

    /// <summary>How a mask is learned instead of pruned; null for a search by pruning.</summary>
    public SupermaskSpecification? Supermask { get; }

    /// <summary>The mask to begin with, as the file names it; null to begin dense.</summary>
    public string? Given => _settings["mask"]?.Text;

    /// <summary>The mask and weights that its search begins with.</summary>
    /// <param name="reader">Reads the files that are named; may be null where none is.</param>
    /// <exception cref="UserException">A file is missing, or belongs to another network; the sentence opens with the location.</exception>
    internal StartingPoint Start(StartingPointReader? reader)
    {
        if (_settings["start"] is not null) return At(() => Start(reader!, _settings["start"]!), "start");
        return Given is null ? StartingPoint.Seed : At(() => reader!.Read(Given, null, null, Network), "mask");
    }

    private StartingPoint Start(StartingPointReader reader, YamlNode start)
    {
        if (start is YamlScalar ticket) return OfTicket(reader, PathOf(ticket)!);
        if (start is YamlMap { Entries.IsEmpty: true }) throw new UserException("start is empty; name a ticket, or the files of weights as initial and final");
        var files = (YamlMap)start;
        return reader.Read(Given, PathOf(files["initial"]), PathOf(files["final"]), Network);
    }

    private StartingPoint OfTicket(StartingPointReader reader, string path)
    {
        if (Given is not null) throw new UserException($"{path} is a ticket with a mask of its own, and mask is given too; keep one");
        Ticket ticket = reader.ReadTicket(path);
        if (!ticket.Network.Equals(Network))
            throw new UserException($"{path} is a ticket of {ticket.Network.Name}, and the network is {Network.Name}; write the ticket's");
        RequireStated(path, ticket, States("mask0"), States("data", "scale"));
        return StartingPoint.FromTicket(ticket);

        // What the file does not state comes from the defaults, which have no lines.
        bool States(params ReadOnlySpan<string> keys) => _settings.At(keys) is { Place.Line: > 0 } or { Place.Source: ['-', ..] };
    }

    /// <summary>Checks that a search states what a ticket would decide otherwise.</summary>
    public static void RequireStated(string path, Ticket ticket, bool statesMask0, bool statesScale)
    {
        if (!statesMask0 && !ticket.Mask.IsZeroWherePruned(ticket.Weights))
            throw new UserException($"{path} has pruned weights with other values than 0; set mask0 to initial to keep them, or to zero");
        if (!statesScale && !ticket.Scale.Numbers.SequenceEqual(PixelScale.Unit.Numbers))
            throw new UserException($"{path} was made for images that are not divided by 255; set scale to mean-std, or to unit");
    }

    /// <summary>A file is named relative to the study's own; on the command line, relative to the current folder.</summary>
    private static string? PathOf(YamlNode? node) => node is null ? null
        : node.Place.Line == 0 ? node.Text
        : Path.Combine(Path.GetDirectoryName(node.Place.Source) ?? "", node.Text);

    /// <summary>What tickets are compared with.</summary>
    public ImmutableArray<Control> Controls { get; } = [];

    /// <summary>Where controls are an axis, the side that this cell shows; null where it shows all.</summary>
    public Control? Shown { get; }

    /// <summary>Training examples held back.</summary>
    public int Validation => Whole("data", "validation");

    /// <summary>How bytes become values.</summary>
    public Scaling Scale => KebabCase.Parse<Scaling>(Text("data", "scale"));

    /// <summary>How images are changed each time they are trained on.</summary>
    public Augmentation Augment => _settings.At("data", "augment") is YamlList list
        ? Augmentations.Parse(list.Items.Select(item => item.Text))
        : Augmentation.None;

    /// <summary>Levels, rates, scope and schedule.</summary>
    public PruningSettings Pruning => Supermask is not null ? new() : new()
    {
        Levels = Whole("prune", "levels"),
        Conv = Rate("conv"),
        Fc = Rate("fc"),
        Output = Rate("output"),
        Threshold = _settings.At("prune", "allocation", "threshold") is { } threshold ? Number(threshold) : null,
        Untrained = Text("prune", "untrained") == "true",
        Scope = KebabCase.Parse<PruneScope>(Text("prune", "scope")),
        Schedule = KebabCase.Parse<PruneSchedule>(Text("prune", "schedule")),
        RewindTo = Whole("prune", "rewind-to"),
    };

    /// <summary>The training on <paramref name="data"/>, its length in steps.</summary>
    /// <exception cref="UserException">Data, network and training do not fit one another; the sentence opens with a place.</exception>
    public TrainingSpecification TrainingOn(Dataset data)
    {
        int examples = data.Train.Count - Validation, batch = Whole("train", "batch");
        Require(examples > 0,
            $"data.validation is {Validation}, but {data.Name} has {data.Train.Count} training examples; hold back fewer",
            "data", "validation");
        Require(batch <= examples,
            $"train.batch is {batch}, but only {examples} examples of {data.Name} are trained on; take a smaller one",
            "train", "batch");
        Require(Network.Inputs == data.Train.Features,
            $"the network {Network.Name} takes {Network.Inputs} values, but an image of {data.Name} has "
            + $"{data.Train.Features}; take mlp:{data.Train.Features}-…", "network");
        Require(Network.Outputs >= data.Classes,
            $"the network {Network.Name} tells {Network.Outputs} classes apart, but {data.Name} has {data.Classes}; "
            + $"end it with {data.Classes}", "network");
        long steps = _settings.At("train", "epochs") is null
            ? Whole("train", "steps")
            : (long)Whole("train", "epochs") * (examples / batch);
        Require(steps <= int.MaxValue, "train.epochs is more steps than can be counted; take fewer", "train", "epochs");
        Require(Pruning.RewindTo < steps,
            $"prune.rewind-to is {Pruning.RewindTo}, but a training has {steps} steps; name an earlier one",
            "prune", "rewind-to");
        return new()
        {
            Optimizer = OptimizerHere(),
            Schedule = ScheduleHere(),
            Batch = batch,
            Steps = (int)steps,
            Evaluate = Whole("train", "evaluate", "every"),
        };
    }

    /// <summary>The cell with these values; makes sure that all it needs is given.</summary>
    internal static StudyCell Of(int index, YamlMap settings, Axis[] axes, ImmutableArray<YamlNode> values)
    {
        foreach ((Axis axis, YamlNode value) in axes.Zip(values))
            settings = StudyTree.Merge(settings, StudyTree.Path(axis.Path.AsSpan(), value), StudyKeys.File);
        if (settings.At("train", "steps") is null && settings.At("train", "epochs") is null)
            throw new UserException($"{settings["train"]!.Place}: train has no length; add steps or epochs.");
        if (settings["supermask"] is null && settings.At("prune", "levels") is null)
            throw new UserException(settings["prune"]!.Place.Line == 0
                ? $"{settings.Place}: the study has no prune; add it, or supermask." : $"{settings["prune"]!.Place}: prune has no levels; add it.");
        int controls = Array.FindIndex(axes, axis => axis.Name == "controls");
        Control? shown = controls < 0 ? null : KebabCase.Parse<Control>(values[controls].Text);
        var cell = new StudyCell(index, values, settings, shown);
        cell.RequireSchedule();
        return cell;
    }

    /// <summary>A sentence that opens with the place of a value.</summary>
    internal UserException Wrong(string what, params ReadOnlySpan<string> path) => new($"{_settings.At(path)!.Place}: {what}.");

    /// <summary>Does something that a value of the cell asks for; what is wrong is told with the value's place.</summary>
    internal T At<T>(Func<T> act, params ReadOnlySpan<string> path)
    {
        try
        {
            return act();
        }
        catch (UserException wrong)
        {
            throw new UserException(Wrong(wrong.Message.TrimEnd('.'), path).Message, wrong.ExitCode, wrong);
        }
    }

    private void RequireSchedule()
    {
        int[] at = [.. ScheduleHere().At];
        Require(at.Zip(at.Skip(1)).All(pair => pair.First < pair.Second),
            "train.schedule.steps.at is not ascending; put the steps in order", "train", "schedule");
        Require(_settings.At("train", "schedule") is not YamlMap { Entries.IsEmpty: true },
            "train.schedule is empty; write constant, or steps or warm-up", "train", "schedule");
        Require(_settings.At("train", "optimizer") is YamlMap { Entries.IsEmpty: false },
            "train.optimizer is empty; write adam or sgd", "train", "optimizer");
    }

    private void Require(bool holds, string otherwise, params ReadOnlySpan<string> path)
    {
        if (!holds) throw Wrong(otherwise, path);
    }

    private Optimizer OptimizerHere() => _settings.At("train", "optimizer", "sgd") is YamlMap sgd
        ? Optimizer.Sgd(Number(sgd["lr"]), Number(sgd["momentum"]), Number(sgd["weight-decay"]))
        : Optimizer.Adam(Number(_settings.At("train", "optimizer", "adam", "lr")));

    private LearningRateSchedule ScheduleHere() =>
        _settings.At("train", "schedule") is YamlMap schedule ? Schedule(schedule) : LearningRateSchedule.Constant;

    private static LearningRateSchedule Schedule(YamlMap schedule) => new()
    {
        At = [.. ((YamlList?)schedule.At("steps", "at"))?.Items.Select(WholeOf) ?? []],
        Factor = schedule.At("steps", "factor") is { } factor ? Number(factor) : 1.0,
        WarmUp = schedule["warm-up"] is { } steps ? WholeOf(steps) : 0,
    };

    private static ImmutableArray<Control> ControlsOf(YamlNode node) =>
    [
        .. (node is YamlList list ? list.Items : [node]).Select(item => KebabCase.Parse<Control>(item.Text))
            .Where(control => control != Control.None).Order(),
    ];

    private string Text(params ReadOnlySpan<string> path) => _settings.At(path)!.Text;

    private int Whole(params ReadOnlySpan<string> path) => WholeOf(_settings.At(path)!);

    /// <summary>Nothing where a threshold says what goes.</summary>
    private decimal Rate(string kind) => _settings.At("prune", "rate", kind) is { } rate
        ? decimal.Parse(rate.Text, NumberStyles.Float, CultureInfo.InvariantCulture) : 0m;

    private static int WholeOf(YamlNode node) => int.Parse(node.Text, CultureInfo.InvariantCulture);

    private static double Number(YamlNode? node) => node is null ? 0.0 : double.Parse(node.Text, CultureInfo.InvariantCulture);
}
