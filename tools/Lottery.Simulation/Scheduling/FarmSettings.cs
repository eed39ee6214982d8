namespace Lottery.Simulation.Scheduling;

/// <summary>The machines on which a study is simulated, and what happens to them. Times are in seconds.</summary>
internal sealed record FarmSettings
{
    /// <summary>Worker processes, each of which trains one run at a time.</summary>
    public int Workers { get; init; } = 1_000;

    /// <summary>Workers of one machine, which fail together with it.</summary>
    public int WorkersOfNode { get; init; } = 32;

    /// <summary>The mean time of a run.</summary>
    public double RunSeconds { get; init; } = 300;

    /// <summary>The mean time after which a worker dies.</summary>
    public double WorkerLife { get; init; } = 100 * 3_600;

    /// <summary>The mean time after which a node is lost.</summary>
    public double NodeLife { get; init; } = 30 * 24 * 3_600;

    /// <summary>How long a worker, and a node, is away.</summary>
    public double WorkerRepair { get; init; } = 60;

    /// <inheritdoc cref="WorkerRepair"/>
    public double NodeRepair { get; init; } = 1_800;

    /// <summary>The part of the runs that take <see cref="StragglerFactor"/> times as long as they should, on the worker that has them.</summary>
    public double Stragglers { get; init; } = 0.01;

    /// <inheritdoc cref="Stragglers"/>
    public double StragglerFactor { get; init; } = 4;

    /// <summary>How long the claim of a worker that is gone is respected.</summary>
    public double ClaimSeconds { get; init; } = 60;

    /// <summary>The time between two checkpoints: the most that is trained again.</summary>
    public double CheckpointSeconds { get; init; } = 10;

    /// <summary>What a worker needs to begin work, for each run or task.</summary>
    public double BeginSeconds { get; init; } = 0.1;

    /// <summary>Decides every chance.</summary>
    public ulong Seed { get; init; } = 1;
}
