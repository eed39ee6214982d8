namespace Lottery.Simulation.Scheduling;

/// <summary>What happened while a study was simulated. Times are in seconds.</summary>
internal sealed class FarmResult
{
    private const double Window = 60;

    private readonly Dictionary<long, int> _finishes = [];

    /// <summary>When the last run was finished.</summary>
    public double Makespan { get; set; }

    /// <summary>Runs that were finished.</summary>
    public int Runs { get; private set; }

    /// <summary>How often a worker began with a run or task.</summary>
    public int Begins { get; set; }

    /// <summary>Workers that died by themselves, and nodes that were lost.</summary>
    public int Deaths { get; set; }

    /// <inheritdoc cref="Deaths"/>
    public int LostNodes { get; set; }

    /// <summary>Runs or tasks that were interrupted, and the most often that one was.</summary>
    public int Interruptions { get; private set; }

    /// <inheritdoc cref="Interruptions"/>
    public int MostInterruptions { get; private set; }

    /// <summary>Work that was done twice, over all workers.</summary>
    public double LostSeconds { get; private set; }

    /// <summary>Time that workers waited for something to do, over all workers.</summary>
    public double IdleSeconds { get; private set; }

    /// <summary>Time that workers worked, over all workers.</summary>
    public double BusySeconds { get; private set; }

    /// <summary>The most runs that were finished in a minute, for each second of it.</summary>
    public double MostFinishesASecond => _finishes.Values.Max() / Window;

    public void Pass(double seconds, int working, int idle)
    {
        BusySeconds += seconds * working;
        IdleSeconds += seconds * idle;
    }

    public void Finish(double now, Work work)
    {
        Runs += work.Runs;
        long window = (long)(now / Window);
        _finishes[window] = _finishes.GetValueOrDefault(window) + work.Runs;
    }

    public void Interrupt(double lost, Work work)
    {
        LostSeconds += lost;
        Interruptions++;
        MostInterruptions = Math.Max(MostInterruptions, work.Interruptions);
    }
}
