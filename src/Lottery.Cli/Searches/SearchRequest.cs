using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Actions;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Formats.Networks;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Tickets;

namespace Lottery.Cli.Searches;

/// <summary>A search as it was asked for.</summary>
internal sealed record SearchRequest
{
    public required Network Network { get; init; }

    public required int Validation { get; init; }

    public Scaling Scale { get; init; }

    public Augmentation Augment { get; init; }

    /// <summary>Passes over the training examples; null where <see cref="Training"/> has the steps.</summary>
    public int? Epochs { get; init; }

    public required TrainingSpecification Training { get; init; }

    public required PruningSettings Pruning { get; init; }

    public Criterion Criterion { get; init; } = Criterion.LargeFinal;

    public Mask1 Mask1 { get; init; } = Mask1.Rewind;

    public Mask0 Mask0 { get; init; } = Mask0.Zero;

    public string? Mask { get; init; }

    public string? Initial { get; init; }

    public string? Final { get; init; }

    /// <summary>What a ticket gives instead; null where there is none.</summary>
    public StartingPoint? From { get; init; }

    /// <summary>What is learned on weights that never move; null for a search by pruning.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    public required ImmutableArray<Control> Controls { get; init; }

    public required int Replicates { get; init; }

    /// <summary>The request that the options of <c>find</c> make.</summary>
    /// <exception cref="UserException">There is no network of that name, or options contradict each other.</exception>
    public static SearchRequest Of(SearchOptions options, ParseResult parsed)
    {
        SupermaskSpecification? supermask = SupermaskRequest.Of(options, parsed);
        int? epochs = parsed.GetValue(options.Epochs), steps = parsed.GetValue(options.Steps);
        if (epochs is null && steps is null && !IsEvaluation(options, parsed))
            throw new UserException("Training needs a length: give --epochs or --steps.");
        if (epochs is not null && steps is not null)
            throw new UserException("--epochs and --steps are both given; give one of them.");
        if (parsed.GetValue(options.Untrained) && parsed.GetValue(options.RewindTo) > 0)
            throw new UserException("--untrained and --rewind-to are both given; untrained weights are those of step 0, so give one of them.");
        double? threshold = parsed.GetValue(options.Threshold);
        if (threshold is not null && parsed.GetResult(options.Rates) is { Implicit: false })
            throw new UserException("--threshold and --rate are both given; give one of them.");
        PruneRates rates = options.Rates.Of(parsed);
        StartingPoint? from = TicketOf(options, parsed);
        return new()
        {
            Network = from?.Mask!.Network ?? NetworkFile.Get(parsed.GetValue(options.Network)!),
            From = from,
            Validation = parsed.GetValue(options.Validation),
            Scale = options.Scale.Of(parsed),
            Augment = options.Augment.Of(parsed),
            Epochs = epochs,
            Training = new()
            {
                Optimizer = supermask is null ? OptimizerOf(options, parsed) : SupermaskRequest.OptimizerOf(options, parsed),
                Schedule = ScheduleOf(options, parsed),
                Batch = supermask is null ? parsed.GetValue(options.Batch) : SupermaskRequest.BatchOf(options, parsed),
                Steps = steps ?? 0,
                Evaluate = parsed.GetValue(options.Evaluate),
            },
            Pruning = new()
            {
                Levels = parsed.GetValue(options.Levels) ?? 0,
                Conv = rates.Conv,
                Fc = rates.Fc,
                Output = rates.Output,
                Threshold = threshold,
                Scope = options.Scope.Of(parsed),
                Schedule = options.Schedule.Of(parsed),
                RewindTo = parsed.GetValue(options.RewindTo),
                Untrained = parsed.GetValue(options.Untrained),
            },
            Criterion = options.Criterion.Of(parsed),
            Mask1 = options.Mask1.Of(parsed),
            Mask0 = options.Mask0.Of(parsed),
            Mask = parsed.GetValue(options.Mask),
            Initial = parsed.GetValue(options.Initial),
            Final = parsed.GetValue(options.Final),
            Supermask = supermask,
            Controls = options.Controls.Of(parsed),
            Replicates = parsed.GetValue(options.Replicates),
        };
    }

    /// <summary>What a ticket gives; null where none is named.</summary>
    private static StartingPoint? TicketOf(SearchOptions options, ParseResult parsed)
    {
        if (parsed.GetValue(options.From) is not { } path) return null;
        Option[] others = [options.Network, options.Mask, options.Initial, options.Final];
        if (others.FirstOrDefault(option => SupermaskRequest.IsGiven(option, parsed)) is { } other)
            throw new UserException($"--from and {other.Name} are both given; a ticket has its own network, mask and weights, so leave one out.");
        var ticket = Ticket.Load(path);
        StudyCell.RequireStated(path, ticket, SupermaskRequest.IsGiven(options.Mask0, parsed), SupermaskRequest.IsGiven(options.Scale, parsed));
        return StartingPoint.FromTicket(ticket);
    }

    /// <summary>True where nothing is trained: a mask on untrained weights, or what was trained elsewhere, by itself.</summary>
    private static bool IsEvaluation(SearchOptions options, ParseResult parsed) =>
        (parsed.GetValue(options.Untrained) && (parsed.GetValue(options.Mask) ?? parsed.GetValue(options.From) ?? parsed.GetValue(options.Final)) is not null)
        || (parsed.GetValue(options.Final) is not null && parsed.GetValue(options.Levels) == 0 && options.Controls.Of(parsed).IsEmpty);

    /// <summary>The training on <paramref name="data"/>, its length in steps.</summary>
    /// <exception cref="UserException">The batch, the validation set or the step to rewind to is too large for the data.</exception>
    public TrainingSpecification TrainingOn(Dataset data)
    {
        int examples = data.Train.Count - Validation;
        if (examples <= 0)
            throw new UserException(
                $"--validation is {Validation}, but {data.Name} has {data.Train.Count} training examples: hold back fewer.");
        if (Training.Batch > examples)
            throw new UserException(
                $"--batch is {Training.Batch}, but only {examples} examples of {data.Name} are trained on: take a smaller one.");
        int steps = Epochs is { } epochs ? Steps(epochs, examples / Training.Batch) : Training.Steps;
        if (Pruning.RewindTo > 0 && Pruning.RewindTo >= steps)
            throw new UserException($"--rewind-to is {Pruning.RewindTo}, but a training has {steps} steps: name an earlier one.");
        return Training with { Steps = steps };
    }

    /// <summary>Makes sure that the network fits <paramref name="data"/>.</summary>
    /// <exception cref="UserException">It does not.</exception>
    public void RequireFit(Dataset data)
    {
        if (Network.Inputs != data.Train.Features)
            throw new UserException(
                $"--network {Network.Name} takes {Network.Inputs} values, but an image of {data.Name} has {data.Train.Features}: "
                + $"take mlp:{data.Train.Features}-….");
        if (Network.Outputs < data.Classes)
            throw new UserException(
                $"--network {Network.Name} tells {Network.Outputs} classes apart, but {data.Name} has {data.Classes}: "
                + $"end it with {data.Classes}.");
    }

    private static Optimizer OptimizerOf(SearchOptions options, ParseResult parsed)
    {
        double? rate = parsed.GetValue(options.LearningRate), momentum = parsed.GetValue(options.Momentum);
        double? decay = parsed.GetValue(options.WeightDecay);
        if (options.Sgd.Of(parsed)) return Optimizer.Sgd(rate ?? 0.1, momentum ?? 0.0, decay ?? 0.0);
        if ((momentum ?? decay) is not null)
            throw new UserException($"--{(momentum is null ? "weight-decay" : "momentum")} is for sgd, and the optimizer is adam; "
                + "add --optimizer sgd.");
        return Optimizer.Adam(rate ?? 1.2e-3);
    }

    private static LearningRateSchedule ScheduleOf(SearchOptions options, ParseResult parsed)
    {
        ImmutableArray<int> at = options.RateChanges.Of(parsed);
        double? factor = parsed.GetValue(options.RateFactor);
        if (at.IsEmpty && factor is not null)
            throw new UserException("--lr-factor is given without steps; add --lr-at.");
        return new() { At = at, Factor = at.IsEmpty ? 1.0 : factor ?? 0.1, WarmUp = parsed.GetValue(options.WarmUp) ?? 0 };
    }

    private static int Steps(int epochs, int each) => (long)epochs * each <= int.MaxValue ? epochs * each
        : throw new UserException($"--epochs is {epochs}, which is more steps than can be counted: take fewer.");
}
