using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Studies.Queries;

/// <summary>What a run is.</summary>
internal static class RunLabel
{
    /// <summary><c>dense</c>, <c>initial mask</c>, <c>ticket</c>, <c>supermask</c>, or the name of its control in JSON.</summary>
    public static string Of(RunSummary run) => run.Control != Control.None ? KebabCase.Of(run.Control)
        : run.Supermask is not null ? "supermask" : run.Level > 0 ? "ticket" : run.Specification.IsDense ? "dense" : "initial mask";

    /// <summary>The same, and of controls after the first which draw: <c>random-mask, draw 2</c>.</summary>
    public static string Title(RunSummary run) => run.Draw == 0 ? Of(run) : $"{Of(run)}, draw {run.Draw}";
}
