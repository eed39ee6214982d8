using System.Collections.Immutable;
using Lottery.Fuzz.Targets;

namespace Lottery.Fuzz;

/// <summary>All that is fuzzed.</summary>
internal static class AllTargets
{
    public static ImmutableArray<Target> List { get; } =
    [
        new TicketTarget(), new SafetensorsTarget(), new TorchTarget(), new NpzTarget(), new OnnxTarget(), new IdxTarget(), new CifarTarget(), new CifarPickleTarget(),
        new NpyTarget(), new ArraysTarget(), new TableTarget(), new ParquetTarget(), new ImageTarget(), new PhotosTarget(), new NetworkTarget(), new StoreTarget(), new StudyTarget(),
    ];
}
