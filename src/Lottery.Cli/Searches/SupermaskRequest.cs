using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Cli.Searches;

/// <summary>What the options of <c>find</c> say of a learned supermask.</summary>
internal static class SupermaskRequest
{
    private static readonly (string, SupermaskWeights)[] s_weights =
        [("initial", SupermaskWeights.Initial), ("signed-constant", SupermaskWeights.SignedConstant)];

    /// <summary>What is to be learned; null for a search by pruning.</summary>
    /// <exception cref="UserException">An option has no meaning beside another, or none without it.</exception>
    public static SupermaskSpecification? Of(SearchOptions options, ParseResult parsed)
    {
        bool rescale = parsed.GetValue(options.Rescale);
        if (parsed.GetValue(options.Supermask) is not { } weights)
        {
            if (rescale) throw new UserException("--rescale is for learned supermasks; add --supermask, or leave it out.");
            if (parsed.GetValue(options.Levels) is null)
                throw new UserException("--levels is missing; give the number of prunings, or learn a mask with --supermask.");
            return null;
        }
        Option[] ofPruning =
        [
            options.Levels, options.Rates, options.Threshold, options.Criterion, options.Mask1, options.Mask0, options.Schedule,
            options.Scope, options.RewindTo, options.Untrained, options.Mask, options.From, options.Initial, options.Final, options.Controls,
        ];
        if (ofPruning.FirstOrDefault(option => IsGiven(option, parsed)) is { } other)
            throw new UserException($"--supermask and {other.Name} are both given; where a mask is learned nothing is pruned, so leave one out.");
        return new() { Weights = Choices.Find("--supermask", weights, s_weights), Rescale = rescale };
    }

    /// <summary>The optimizer of the scores: the paper's, but for what is given.</summary>
    public static Optimizer OptimizerOf(SearchOptions options, ParseResult parsed)
    {
        double? rate = parsed.GetValue(options.LearningRate);
        if (IsGiven(options.Sgd, parsed) && !options.Sgd.Of(parsed)) return Optimizer.Adam(rate ?? 1.2e-3);
        Sgd paper = SupermaskSearch.PaperOptimizer;
        return new Sgd(rate ?? paper.LearningRate, parsed.GetValue(options.Momentum) ?? paper.Momentum, parsed.GetValue(options.WeightDecay) ?? 0);
    }

    /// <summary>Examples in a step: the paper's, unless given.</summary>
    public static int BatchOf(SearchOptions options, ParseResult parsed) =>
        IsGiven(options.Batch, parsed) ? parsed.GetValue(options.Batch) : SupermaskSearch.PaperBatch;

    public static bool IsGiven(Option option, ParseResult parsed) => parsed.GetResult(option) is { Implicit: false };
}
