using System.Collections.Immutable;
using Lottery.Fuzz.Targets;

namespace Lottery.Fuzz;

/// <summary>All that is fuzzed.</summary>
internal static class AllTargets
{
    public static ImmutableArray<Target> List { get; } =
        [new TicketTarget(), new SafetensorsTarget(), new IdxTarget(), new CifarTarget(), new NpyTarget(), new TorchTarget(), new NpzTarget(), new OnnxTarget(), new ArraysTarget(), new TableTarget(), new ParquetTarget(), new ImageTarget(), new PhotosTarget(), new NetworkTarget(), new StoreTarget(), new StudyTarget()];
}
