using System.Globalization;
using Lottery.Actions;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Studies.Tickets;

/// <summary>From a finished run to a ticket.</summary>
internal static class TicketPacking
{
    /// <summary>The ticket of a run, without its provenance.</summary>
    /// <param name="run">The run.</param>
    /// <param name="request">What of it.</param>
    /// <exception cref="UserException">The run has no such ticket; the sentence names the kind that it has.</exception>
    public static Ticket Of(RunResult run, PackRequest request)
    {
        string name = $"Run {RunIdentity.Short(RunIdentity.Of(run.Specification))}";
        Mask mask = MaskOf(run, request.Final);
        return Made(name, () => request.Kind == TicketKind.Recipe
            ? Ticket.FromRecipe(mask, RecipeOf(run.Specification, name))
            : Valued(mask, WeightsOf(run, mask, request.Final), request, name));
    }

    /// <summary>The ticket of weights that no run has.</summary>
    /// <param name="mask">Which of them are kept.</param>
    /// <param name="weights">In full shape.</param>
    /// <param name="request">The kind is no recipe.</param>
    /// <param name="name">What they are called, for errors.</param>
    /// <exception cref="UserException">They cannot be such a ticket.</exception>
    public static Ticket Of(Mask mask, Weights weights, PackRequest request, string name) => request.Kind == TicketKind.Recipe
        ? throw new UserException($"{name} is no recipe, since no seed gives its weights: add --kind trained.")
        : Made(name, () => Valued(mask, weights, request, name));

    /// <summary>The weights that a run predicts with, in full shape.</summary>
    /// <remarks>Where a supermask was learned: the frozen weights that its most probable mask keeps, rescaled where it was learned so.</remarks>
    public static Weights WeightsOf(RunResult run, Mask mask, bool final) => run.Specification.Supermask is not null
        ? StartingWeights.RecipeOf(run.Specification)!.Weights(mask)
        : final ? run.Final : run.Best;

    /// <summary>The weights that a run keeps; of a learned supermask by its best scores or its final ones.</summary>
    public static Mask MaskOf(RunResult run, bool final) =>
        final && run.Scores is { } scores ? ScoreMask.MostProbable(scores.Final) : run.Mask;

    private static Recipe RecipeOf(RunSpecification run, string name) => StartingWeights.RecipeOf(run)
        ?? throw new UserException($"{name} is no recipe, since its first weights do not follow from its seed ({Reason(run)}): add --kind trained.");

    private static string Reason(RunSpecification run) => run switch
    {
        { Start: { Initial: not null } or { Pretrained: not null } } => "they come from a file or a ticket",
        { Control: not Control.Rewind, Actions.Mask1: var mask1 } when StartingWeights.DependOn(run) is not null && Mask1.Get(mask1).NeedsFinal
            => $"the mask-1 action {mask1} uses trained ones",
        { Actions.RewindTo: > 0 and var step } => string.Create(CultureInfo.InvariantCulture, $"they are those of step {step}"),
        _ => $"the mask-0 action {run.Actions?.Mask0} uses trained ones",
    };

    private static Ticket Valued(Mask mask, Weights weights, PackRequest request, string name)
    {
        if (request.Kind == TicketKind.Trained) return Ticket.FromTrained(mask, weights, request.Format);
        return !mask.IsZeroWherePruned(weights)
            ? throw new UserException($"{name} holds pruned weights at other values than 0, of which signs say nothing: add --kind trained.")
            : Ticket.FromSigns(mask, weights);
    }

    private static Ticket Made(string name, Func<Ticket> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException wrong)
        {
            throw new WorkFailedException($"{name} cannot be packed so: {wrong.Message.TrimEnd('.')}; try --kind trained --values f32.", wrong);
        }
    }
}
