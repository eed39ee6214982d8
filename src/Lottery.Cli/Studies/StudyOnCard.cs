using System.Text.Json.Nodes;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Estimates;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Report.Tables;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Studies;

/// <summary>What a card would take for a study, beside what the processor would.</summary>
internal static class StudyOnCard
{
    /// <summary>The card whose time a plan has.</summary>
    /// <param name="choice">What <c>--device</c> states.</param>
    /// <param name="find">Asks the driver for its cards.</param>
    /// <returns>Null where the processor is stated, or nothing is and there is no card.</returns>
    /// <exception cref="UserException">The card that was stated cannot be used.</exception>
    public static Card? Choose(DeviceChoice choice, Func<CardList> find)
    {
        if (choice is { Card: null, IsAuto: false }) return null;
        CardList list = find();
        if (choice.Card is not { } number) return list.Cards.FirstOrDefault(card => card.Problem is null);
        if (list.Missing is { } missing) throw new UserException(missing);
        Card card = list.Cards.FirstOrDefault(card => card.Number == number) ?? throw DriverErrors.Exception(101, "looking for a card");
        return card.Problem is { } problem ? throw new UserException(problem) : card;
    }

    /// <summary>The estimate for the runs that are missing.</summary>
    /// <param name="card">The card.</param>
    /// <param name="work">The study's plan, compared with the store.</param>
    /// <param name="jobs">The most runs at once; null if that is not stated.</param>
    /// <param name="bytes">The memory of the whole program, which limits runs on a card, too.</param>
    public static CardEstimate Estimate(Card card, StudyWork work, int? jobs, long bytes)
    {
        int most = Math.Max(1, work.MemoryPlan(bytes, jobs ?? card.Multiprocessors).AtOnce);
        Dictionary<string, Dataset> data = work.Plan.Data.Values.DistinctBy(set => set.Sha256).ToDictionary(set => set.Sha256);
        return CardEstimate.Of(card, [.. work.Missing.Select(task => task.Run).Select(run => new EstimatedRun(
            RunIdentity.Of(run), run.Parent is { } parent ? RunIdentity.Of(parent) : null, run, data[run.Data.Sha256].Train, data[run.Data.Sha256].Test.Count,
            RunMemory.IsFrozen(run), level => RunMemory.MaskOf(run, level)))], most);
    }

    /// <summary>The estimate in a sentence.</summary>
    public static string Text(CardEstimate estimate) =>
        $"On {estimate.Card.Name}: about {NumberFormat.Duration(estimate.Seconds)} with up to {NumberFormat.Counted(estimate.AtOnce, "run")} at once"
        + (estimate.OnProcessor == 0 ? "" : $", besides {NumberFormat.Counted(estimate.OnProcessor, "run")} for which it has no kernels or too little memory")
        + "; an estimate by counted work, with rates that were measured on an H100.";

    /// <summary>The same for programs.</summary>
    public static JsonObject Json(CardEstimate estimate) => new()
    {
        ["name"] = estimate.Card.Name, ["seconds"] = estimate.Seconds, ["runs_at_once"] = estimate.AtOnce, ["runs_on_processor"] = estimate.OnProcessor,
    };
}
