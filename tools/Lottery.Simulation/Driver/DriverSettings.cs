namespace Lottery.Simulation.Driver;

/// <summary>A study of tiny runs.</summary>
internal sealed record DriverSettings
{
    /// <summary>Levels after the dense one.</summary>
    public int Levels { get; init; } = 9;

    /// <summary>Steps of each run.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>The network.</summary>
    public string Network { get; init; } = "mlp:16-8-3";

    /// <summary>Threads.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>The number of runs; what is left over of the last search is trained, too.</summary>
    public int Runs { get; init; } = 10_000;

    /// <summary>Searches.</summary>
    public int Replicates => (Runs + Levels) / (Levels + 1);
}
