using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;
using Lottery.Tickets;

namespace Lottery.Studies.Files;

/// <summary>One cell of a study: a search, or, where controls are an axis, one side of it.</summary>
internal sealed class StudyCell
{
    private StudyCell(int index, ImmutableArray<YamlNode> values, YamlMap settings, Control? shown)
    {
        (Index, Values, Settings, Shown) = (index, values, settings, shown);
        RequireComplete();
        Definition = ReadDefinition(settings, Setting("network") is null ? Ticket.Load(TicketPath!).Network : Network.Lenet300100);
        if (Setting("mask") is YamlMap mask) Masks = MaskTransfer.Of(settings, mask, Definition.Pruning.Levels);
        RequireLength();
        RequireSchedule();
        RequireRates();
        RequireTransfer();
        Require(Definition.Seed <= ulong.MaxValue - (ulong)(Definition.Replicates - 1), "seed",
            $"is {Definition.Seed}, but {Definition.Replicates} replicates need as many seeds from there on, and {ulong.MaxValue} is the largest; use a smaller one");
    }

    /// <summary>Every setting, defaults included.</summary>
    internal YamlMap Settings { get; }

    /// <summary>Its index among the cells of its study.</summary>
    public int Index { get; }

    /// <summary>Its values, one an axis.</summary>
    public ImmutableArray<YamlNode> Values { get; }

    /// <summary>The search, before its data and its starting point are read: see <see cref="On"/>.</summary>
    public SearchDefinition Definition { get; }

    /// <summary>A name from the catalogue of data sets, or a path; with the size that images are resized to.</summary>
    public string DataSet => Setting("data.set")!.Text is var set && Setting("data.resize") is { } size ? At("data.resize", () => DataSource.Resized(set, size.Text)) : set;

    /// <summary>The initial mask, as the settings name it; null for a dense network.</summary>
    public string? Mask => (Setting("mask") as YamlScalar)?.Value;

    /// <summary>Where its masks come from, if not from pruning.</summary>
    public MaskTransfer? Masks { get; }

    /// <summary>The density of each level, the dense network first; null where rates alone do not decide it.</summary>
    public IEnumerable<double>? Densities => Definition is { Supermask: null, Pruning.Threshold: null } && Mask is null && Masks is null && Setting("start") is null
        ? Definition.Pruning.Densities(Definition.Network) : null;

    /// <summary>Where controls are an axis, the side that this cell shows; null where it shows all.</summary>
    public Control? Shown { get; }

    /// <summary>The search on <paramref name="data"/>: its length in steps, its starting point read.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="reader">Reads the files of the starting point; may be null where there are none.</param>
    /// <exception cref="UserException">Data, network and training do not fit one another, or a file is wrong; the sentence names the location or the option.</exception>
    public SearchDefinition On(Dataset data, StartingPointReader? reader)
    {
        Network network = Definition.Network;
        DataSettings split = SplitOf(data);
        int held = split.Validation, examples = data.Train.Count - held, batch = Definition.Training.Batch;
        Require(examples > 0, "data.validation",
            $"is {held}, but {data.Name} has {data.Train.Count} training examples; hold out fewer, {data.Train.Count / 5} for example");
        Require(batch <= examples, "train.batch", $"is {batch}, but only {examples} examples of {data.Name} are trained on; use a smaller one");
        Require(data.ShapeMismatch(network) is null, "network", $"{network.Name} {data.ShapeMismatch(network)}");
        Require(network.Outputs >= data.Classes, "network",
            $"{network.Name} has {network.Outputs} outputs, but {data.Name} has {data.Classes} classes; end it with {data.Classes}");
        Require(Definition.Data.Augment == Augmentation.None || data.Train.Shape is { Height: > 1, Width: > 1 }, "data.augment",
            $"is {string.Join(",", Definition.Data.Augment.Names())}, but the examples of {data.Name} are no images that could be moved or mirrored; use none");
        SearchDefinition search = ReadDefinition(SettingTree.InSteps(Settings, examples / batch), network);
        long steps = search.Epochs is { } epochs ? (long)epochs * (examples / batch) : search.Training.Steps;
        // The length of a protocol is not that of a test.
        if (!Trains && !IsStated("train.steps") && !IsStated("train.epochs")) steps = 0;
        Require(steps <= int.MaxValue, "train.epochs", $"is {search.Epochs}, which is more steps than can be counted; use fewer");
        Require(search.Pruning.RewindTo == 0 || search.Pruning.RewindTo < steps, "prune.rewind-to",
            $"is {search.Pruning.RewindTo}, but a training has {steps} steps; use an earlier one");
        int late = search.Training.Measurements.TestAt.FirstOrDefault(step => step > steps);
        Require(late == 0, "train.evaluate.test-at", $"has {late}, but a training has {steps} steps; test at an earlier one");
        RequireAscending(search.Training.Schedule.At);
        StartingPoint start = Start(reader);
        RequireRemoval(search.Pruning, start.Mask ?? Networks.Mask.Full(network));
        return search with
        {
            Data = split with { SplitSeed = HeldOutOn(data, reader).SplitSeed }, Epochs = null,
            Training = search.Training with { Steps = (int)steps }, Start = start,
            // Of a network whose initial weights are not known, levels go on from one another, unless it is said otherwise.
            Mask1 = start.IsFineTuning && !IsStated("mask1") ? Mask1.Keep : search.Mask1,
        };
    }

    /// <summary>Which of the examples of <paramref name="data"/> are held out, where the mask or weights were trained before.</summary>
    /// <exception cref="UserException">The mask is that of a run that is not there.</exception>
    public HeldOut HeldOutOn(Dataset data, StartingPointReader? reader)
    {
        if (Mask is { } mask) return HeldOut.After(Definition, data, At("mask", () => reader!.FindRun(mask)), "The mask");
        if (TicketPath is { } path)
        {
            Ticket ticket = At("start", () => reader!.ReadTicket(path));
            bool isOther = ticket.Provenance.DataSha256 is { } digits && !data.Sha256.StartsWith(digits, StringComparison.Ordinal);
            return isOther ? new(Definition.Data.SplitSeed, null) : HeldOut.After(Definition, data, reader!.FindRun(ticket), "The ticket");
        }
        return Start(reader).Pretrained is not null ? HeldOut.After(Definition, data, null, "The file of trained weights") : new(Definition.Data.SplitSeed, null);
    }

    /// <summary>A level that removes no weight would train the same network once more.</summary>
    private void RequireRemoval(PruningSettings pruning, Mask from)
    {
        // How many weights are below a threshold is known after training only, and masks of another search are those of its levels.
        if (pruning.Threshold is not null || Setting("mask") is YamlMap || Setting("supermask") is not null) return;
        int empty = PruneCounts.FirstEmptyLevel(from, new(pruning.Conv, pruning.Fc, pruning.Output), pruning.Scope, pruning.Levels);
        Require(empty == 0, "prune.levels", $"is {pruning.Levels}, but at these rates level {empty} removes nothing; use {empty - 1}, or larger rates");
    }

    /// <summary>How the data are split and scaled: a validation set of their own is used, and numeric features are standardized.</summary>
    private DataSettings SplitOf(Dataset data)
    {
        DataSettings split = Definition.Data;
        if (data.OwnValidation is > 0 and var own)
        {
            Require(split.Validation == own || !IsStated("data.validation"), "data.validation",
                $"is {split.Validation}, but {data.Name} has a validation set of its own of {own} examples; leave it out");
            split = split with { Validation = own };
        }
        if (!data.Train.AreNumeric) return split;
        Require(split.Scale == Scaling.MeanStd || !IsStated("data.scale"), "data.scale",
            $"is unit, which divides bytes by 255, but {data.Name} has numeric features, which are always standardized; leave it out");
        Require(split.Augment == Augmentation.None || !IsStated("data.augment"), "data.augment", $"changes images, but {data.Name} has numeric features; leave it out");
        return split with { Scale = Scaling.MeanStd };
    }

    /// <summary>The cell with these settings, which are all there are.</summary>
    internal static StudyCell Of(YamlMap settings) => new(0, [], settings, null);

    /// <summary>The ticket whose network a cell has that states none; null for none.</summary>
    internal static string? TicketPathOf(YamlMap settings) => settings["start"] is YamlScalar ticket ? PathOf(ticket) : null;

    /// <summary>The cell with these values; checks that it is complete.</summary>
    internal static StudyCell Of(int index, YamlMap settings, Axis[] axes, ImmutableArray<YamlNode> values, CellDefaults defaults)
    {
        foreach ((Axis axis, YamlNode value) in axes.Zip(values))
            settings = StudyTree.Merge(settings, StudyTree.Path(axis.Path.AsSpan(), value), StudyShape.File);
        int controls = Array.FindIndex(axes, axis => axis.Name == "controls");
        return new(index, values, defaults.Under(settings), controls < 0 ? null : ControlsShape.Read(values[controls]).Select(one => one.Control).FirstOrDefault());
    }

    /// <summary>Does what a setting asks for; an error names the setting's location.</summary>
    internal T At<T>(string key, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (UserException wrong)
        {
            throw new UserException(LocationOf(key).Sentence(wrong.Message), wrong);
        }
    }

    private string? TicketPath => TicketPathOf(Settings);

    /// <summary>The ONNX model that is named as the network; null for none.</summary>
    private string? Model => Setting("network") is { } network && NetworkFile.IsModel(network.Text) ? network.Text : null;

    private StartingFiles Files => new() { Mask = Mask, Model = Model };

    private StartingPoint Start(StartingPointReader? reader)
    {
        Require(Model is null || Definition.Supermask is null, "network", $"{Model} has weights of its own, and a supermask is learned on initial ones; "
            + $"write the network alone by `lottery network import {Model} -o net.yaml`, and name that");
        if (Setting("start") is { } start) return At("start", () => Start(start, reader!));
        return Mask is null && Model is null ? StartingPoint.Seed : At(Mask is null ? "network" : "mask", () => reader!.Read(Files, Definition.Network));
    }

    private StartingPoint Start(YamlNode start, StartingPointReader reader)
    {
        if (start is YamlMap files)
        {
            return files.Entries.IsEmpty
                ? throw new UserException("start is empty; name a ticket, or the files of weights as initial and final.")
                : reader.Read(Files with { Initial = PathOf(files["initial"]), Final = PathOf(files["final"]), Map = files["map"]?.Text }, Definition.Network);
        }
        string path = TicketPath!;
        if (Setting("initial-distribution") is not null) throw new UserException($"{path} is a ticket with weights of its own, and an initial distribution is given too; leave it out.");
        if (Mask is not null) throw new UserException($"{path} is a ticket with a mask of its own, and a mask is given too; keep one.");
        Ticket ticket = reader.ReadTicket(path);
        if (!ticket.Network.Equals(Definition.Network))
            throw new UserException($"{path} is a ticket of {ticket.Network.Name}, and the network is {Definition.Network.Name}; leave the network out.");
        if (!IsStated("mask0") && !ticket.Mask.IsZeroWherePruned(ticket.Weights))
            throw new UserException($"{path} has pruned weights with other values than 0; set mask0 to initial to keep them, or to zero.");
        if (!IsStated("data.scale") && !ticket.Scale.Numbers.SequenceEqual(PixelScale.Unit.Numbers))
            throw new UserException($"{path} was made for images that are not divided by 255; set scale to mean-std, or to unit.");
        return StartingPoint.FromTicket(ticket);
    }

    /// <summary>A study names files relative to its own; options name them relative to the current folder.</summary>
    private static string? PathOf(YamlNode? node) => node is null ? null
        : node.Location.Line == 0 ? node.Text
        : Path.Combine(Path.GetDirectoryName(node.Location.Source) ?? "", node.Text);

    private void RequireComplete()
    {
        SettingRegistry.Cell.RequireComplete(Settings);
        if (Setting("network") is null && TicketPath is null) throw Missing("", "the study", "network", "add it, or a ticket as start", "--network is missing; add it, or a ticket by --from.");
        if (Setting("supermask") is not null || Setting("prune.levels") is not null || Setting("prune.to-density") is not null) return;
        throw IsStated("prune") ? Missing("prune", "prune", "levels", "add it", "--levels is missing; add it, or learn a mask with --supermask.")
            : Missing("", "the study", "prune", "add it, or supermask", "--levels is missing; add it, or learn a mask with --supermask.");
    }

    /// <summary>Whether anything is trained; a mask on untrained weights, and pretrained weights without levels, are only tested.</summary>
    private bool Trains => !(Definition.Pruning.Untrained && (Mask is not null || Setting("start") is not null))
        && !((Setting("start.final") ?? (object?)Model) is not null && Definition.Pruning.Levels == 0 && Definition.Controls.IsEmpty);

    private void RequireLength()
    {
        if (Definition.Epochs is null && Definition.Training.Steps == 0 && Trains)
            throw Missing("train", "train", "length", "add steps or epochs", "The training has no length; add --steps or --epochs.");
    }

    private SearchDefinition ReadDefinition(YamlMap settings, Network network)
    {
        SearchDefinition search = SettingTree.Read(settings, network);
        if (search.ToDensity is not { } density) return search;
        const string Key = "prune.to-density";
        Require(search.Pruning.Threshold is null, Key, "counts levels by their rates, and a threshold has none; give the levels");
        Require(Mask is null && Setting("start") is null, Key, "counts the levels of a dense network, and the search begins with a mask or weights; give the levels");
        int? levels = search.Pruning.LevelsTo(density, search.Network);
        Require(levels <= SettingRegistry.MostLevels, Key, $"is {Setting(Key)!.Text}, which no number of levels up to {SettingRegistry.MostLevels} reaches at these rates; use a larger one");
        return search with { ToDensity = null, Pruning = search.Pruning with { Levels = levels!.Value } };
    }

    private void RequireTransfer()
    {
        if (Masks is null) return;
        Network from = Masks.Cell.Definition.Network;
        Require(from.Equals(Definition.Network), "mask", $"is taken from tickets of {from.Name}, and the network is {Definition.Network.Name}; "
            + "take masks of a search of the same network");
        Require(Setting("start") is null, "start", "is given, and the masks are taken from the tickets of another search; leave one out");
        Require(Definition.Pruning.Levels > 0, "prune.levels", "is 0, but masks are taken level by level; have 1 at least");
        ulong last = (ulong)(Definition.Replicates - 1);
        Require(Masks.SeedOffset <= ulong.MaxValue - last && Definition.Seed <= ulong.MaxValue - last - Masks.SeedOffset, "mask.seed-offset",
            $"is {Masks.SeedOffset}, and there are not so many seeds after the last; use a smaller one");
    }

    private void RequireSchedule()
    {
        Require(!(Definition.Pruning is { Levels: > 0, Untrained: true, Schedule: PruneSchedule.Iterative } && IsStated("prune.schedule")), "prune.schedule",
            "is iterative, but untrained masks are one-shot; leave it out");
        // Steps and epochs can be compared when the data are known.
        if (Setting("train.schedule.steps.at") is YamlList { Items: var items } && items.All(item => item.Text.All(char.IsAsciiDigit))) RequireAscending(Definition.Training.Schedule.At);
        Require(Setting("train.schedule") is not YamlMap { Entries.IsEmpty: true }, "train.schedule", "is empty; write constant, or steps, cosine or warm-up");
        Require(Definition.Training.Optimizer is not Sgd { Nesterov: true, Momentum: 0 }, "train.optimizer.sgd.nesterov", "is true, but there is no momentum; add one, or leave it out");
    }

    /// <summary>Where all layers compete there is one rate: that of convolutions if the network has any, otherwise that of fully connected layers.</summary>
    private void RequireRates()
    {
        if (Definition.Pruning is not { Scope: PruneScope.Network, Threshold: null }) return;
        PruningSettings rates = Definition.Pruning, usual = new();
        string holds = Definition.Network.Parameters.Any(parameter => parameter is { Prunable: true, Kind: LayerKind.Conv }) ? "conv" : "fc";
        Require("conv", rates.Conv == usual.Conv);
        Require("fc", rates.Fc == usual.Fc);
        Require("output", rates.Output == usual.Output);

        void Require(string kind, bool isDefault) => this.Require(kind == holds || isDefault, $"prune.rate.{kind}",
            $"has no effect where the scope is the network: all layers compete, and the rate {holds} holds; leave it out");
    }

    private void RequireAscending(ImmutableArray<int> at) =>
        Require(at.Zip(at.Skip(1)).All(pair => pair.First < pair.Second), "train.schedule.steps.at", "is not ascending; put the steps in order");

    /// <summary>An error about something that the map at <paramref name="key"/> lacks.</summary>
    private UserException Missing(string key, string map, string what, string advice, string ofOptions)
    {
        SourceLocation location = LocationOf(key);
        return new(location.IsOption ? ofOptions : $"{location}: {map} has no {what}; {advice}.");
    }

    private void Require(bool holds, string key, string otherwise)
    {
        if (!holds) throw new UserException($"{LocationOf(key).Subject(key)} {otherwise}.");
    }

    private YamlNode? Setting(string key) => key.Length == 0 ? Settings : Settings.At(key.Split('.'));

    private bool IsStated(string key) => Setting(key) is { Location.IsDefault: false };

    /// <summary>The location of a setting, or of the map that would hold it.</summary>
    private SourceLocation LocationOf(string key) => Setting(key)?.Location ?? LocationOf(key.Contains('.', StringComparison.Ordinal) ? key[..key.LastIndexOf('.')] : "");
}
