using Lottery.Numerics;

namespace Lottery.Simulation.Scheduling;

/// <summary>
/// Many workers do the work of a study in virtual time. Workers die and nodes are lost; the work goes on from its last checkpoint
/// on another worker, once the claim has expired. Some runs take much longer than they should.
/// </summary>
internal sealed class Farm
{
    private readonly FarmSettings _settings;
    private readonly IWorkSource _source;
    private readonly PriorityQueue<Action, (double At, long Number)> _events = new();
    private readonly Worker[] _workers;
    private readonly Stack<Worker> _idle = new();
    private readonly Queue<Work> _returned = new();
    private readonly RandomStream _chances;
    private readonly FarmResult _result = new();
    private long _drawn, _number;
    private double _now;
    private int _working;

    /// <summary>Workers that begin with nothing to do.</summary>
    public Farm(FarmSettings settings, IWorkSource source)
    {
        (_settings, _source, _chances) = (settings, source, new(settings.Seed, "farm"));
        _workers = [.. Enumerable.Range(0, settings.Workers).Select(_ => new Worker())];
        foreach (Worker worker in _workers.Reverse())
        {
            _idle.Push(worker);
            DieLater(worker);
        }
        foreach (Worker[] node in _workers.Chunk(settings.WorkersOfNode)) LoseLater(node);
    }

    /// <summary>Works until all is done.</summary>
    public FarmResult Run()
    {
        GiveOut();
        while (_result.Runs < _source.Runs)
        {
            _events.TryDequeue(out Action? happen, out (double At, long) when);
            _result.Pass(when.At - _now, _working, _idle.Count);
            _now = when.At;
            happen!();
            GiveOut();
        }
        _result.Makespan = _now;
        return _result;
    }

    private void GiveOut()
    {
        while (_idle.Count > 0 && (_returned.TryDequeue(out Work? returned) ? returned : _source.Take()) is { } work) Begin(_idle.Pop(), work);
    }

    private void Begin(Worker worker, Work work)
    {
        _working++;
        _result.Begins++;
        double factor = Chance() < _settings.Stragglers ? _settings.StragglerFactor : 1, ends = _now + _settings.BeginSeconds + (work.Seconds - work.Done) * factor;
        (worker.Work, worker.Began, worker.Factor) = (work, _now, factor);
        int attempt = ++worker.Attempt;
        At(ends, () =>
        {
            if (worker.Attempt != attempt) return;
            _working--;
            _result.Finish(_now, work);
            worker.Work = null;
            worker.Attempt++;
            _idle.Push(worker);
            _source.Finish(work);
        });
    }

    /// <summary>A worker is gone for a while; what it worked on is another's once its claim has expired.</summary>
    private void Lose(Worker worker, double repair)
    {
        if (worker.IsGone) return;
        worker.IsGone = true;
        worker.Attempt++;
        if (worker.Work is { } work)
        {
            _working--;
            double worked = Math.Max(0, _now - worker.Began - _settings.BeginSeconds), kept = Math.Floor(worked / _settings.CheckpointSeconds) * _settings.CheckpointSeconds;
            work.Done += kept / worker.Factor;
            work.Interruptions++;
            _result.Interrupt(worked - kept, work);
            worker.Work = null;
            At(_now + _settings.ClaimSeconds, () => _returned.Enqueue(work));
        }
        else
        {
            Worker[] others = [.. _idle.Where(other => other != worker).Reverse()];
            _idle.Clear();
            foreach (Worker other in others) _idle.Push(other);
        }
        At(_now + repair, () =>
        {
            worker.IsGone = false;
            _idle.Push(worker);
        });
    }

    private void DieLater(Worker worker)
    {
        if (!double.IsFinite(_settings.WorkerLife)) return;
        At(_now + Life(_settings.WorkerLife), () =>
        {
            if (!worker.IsGone) _result.Deaths++;
            Lose(worker, _settings.WorkerRepair);
            DieLater(worker);
        });
    }

    private void LoseLater(Worker[] node)
    {
        if (!double.IsFinite(_settings.NodeLife)) return;
        At(_now + Life(_settings.NodeLife), () =>
        {
            _result.LostNodes++;
            foreach (Worker worker in node) Lose(worker, _settings.NodeRepair);
            LoseLater(node);
        });
    }

    private void At(double time, Action happen) => _events.Enqueue(happen, (time, _number++));

    private double Life(double mean) => -mean * Math.Log(1 - Chance());

    private double Chance() => _chances.Uniform(_drawn++);

    private sealed class Worker
    {
        public Work? Work { get; set; }

        public double Began { get; set; }

        public double Factor { get; set; }

        public int Attempt { get; set; }

        public bool IsGone { get; set; }
    }
}
