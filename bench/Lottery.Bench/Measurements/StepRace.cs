using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Data;
using Lottery.Search;

namespace Lottery.Bench.Measurements;

/// <summary>The trainings of one level, begun and ready to be timed.</summary>
internal sealed class StepRace : IDisposable
{
    private const int StepsBefore = 200, PeerStepsInRound = 100;

    /// <summary>PyTorch's first epoch takes half as long again as those after it; what is stated is its steady step.</summary>
    private const int PeerWarmUp = 1_200;
    private const double SecondsInRound = 0.15;
    private readonly RunResult _level;
    private readonly OwnSteps _ours, _withoutZeros;
    private readonly PyTorchSteps? _theirs;
    private readonly double _loss;
    private readonly double? _theirLoss;
    private readonly long _allocated;
    private readonly int _stepsInRound;

    public StepRace(RunResult level, SplitDataset data, PyTorchSteps? theirs)
    {
        (_level, _theirs) = (level, theirs);
        (_ours, _withoutZeros) = (OwnSteps.Of(level, data), OwnSteps.WithoutZeros(level, data));
        _loss = _ours.Check(StepsBefore);
        _theirLoss = theirs?.Check(Number, StepsBefore);
        theirs?.Time(Number, PeerWarmUp);
        _allocated = _ours.Allocate(100);
        _withoutZeros.Time(StepsBefore);
        _stepsInRound = StepsIn(SecondsInRound);
    }

    /// <summary>Each takes the seconds of a step.</summary>
    public IEnumerable<Func<double>> Sides
    {
        get
        {
            yield return () => _ours.Time(_stepsInRound) / _stepsInRound;
            yield return () => _withoutZeros.Time(_stepsInRound) / _stepsInRound;
            if (_theirs is not null) yield return () => _theirs.Time(Number, PeerStepsInRound) / PeerStepsInRound;
        }
    }

    private int Number => _level.Specification.Level;

    /// <summary>What was found, with the time of a step on each side.</summary>
    public StepRow Row(ReadOnlySpan<double> milliseconds) => new()
    {
        Level = Number, Density = _level.Mask.Density, Kept = _level.Mask.Kept, Flop = Flop,
        Milliseconds = milliseconds[0], MillisecondsWithoutZeros = milliseconds[1],
        PyTorchMilliseconds = _theirs is null ? null : milliseconds[2],
        Loss = _loss, PyTorchLoss = _theirLoss, AllocatedBytes = _allocated,
    };

    public void Dispose()
    {
        _ours.Dispose();
        _withoutZeros.Dispose();
    }

    /// <summary>Useful: 2 × batch × kept weights for forward, for the weight gradient, and but in the first layer for the input gradient.</summary>
    private double Flop => 2.0 * RealSearch.Batch * (3.0 * _level.Mask.Kept - _level.Mask[0]!.Count());

    /// <summary>So many that a round lasts about as long as PyTorch's: a pause of the machine then hits both sides alike.</summary>
    private int StepsIn(double seconds) => Math.Max(100, (int)(seconds / (_withoutZeros.Time(100) / 100)));
}
