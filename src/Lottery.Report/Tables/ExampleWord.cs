using Lottery.Data;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>What the examples of a data set are called: <c>images</c>, or <c>examples</c> where they are no images, as the rows of a table.</summary>
internal static class ExampleWord
{
    /// <summary>Of images.</summary>
    public const string Images = "images";

    private const string Others = "examples";

    /// <summary>The word for examples that are images or not.</summary>
    public static string Of(bool areImages) => areImages ? Images : Others;

    /// <summary>The word for the examples of a run, as far as a store knows them: its flat inputs may be images only if its data are a known set.</summary>
    public static string Of(RunSummary run) => Of(!run.Specification.Network.Input.IsFlat || KnownSet.Find(run.Data) is not null);
}
