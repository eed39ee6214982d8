using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Training;

namespace Lottery.Bench.Measurements;

/// <summary>
/// What <c>study plan</c> expects steps and evaluations to take beside what they take: networks of the catalogue on one thread, each at
/// ten densities with random masks, in turn.
/// </summary>
internal static class TimeMeasurement
{
    private const double SecondsOfWarmUp = 0.3;
    private const int FewestRounds = 3, Evaluated = 256;

    private static readonly ImmutableArray<string> s_networks = ["lenet-300-100", "conv-2", "conv-4", "conv-6", "resnet-18", "resnet-20"];
    private static readonly ImmutableArray<double> s_densities = [1, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01];

    /// <summary>Measures some networks, or all.</summary>
    /// <param name="networks">Their names; none for all.</param>
    /// <param name="seconds">So long at least for each network.</param>
    public static IEnumerable<string> Run(ImmutableArray<string> networks, double seconds)
    {
        if (networks.FirstOrDefault(name => !s_networks.Contains(name)) is { } unknown)
            throw new UserException($"'{unknown}' is no network whose steps are measured{Suggestion.Ending(unknown, [.. s_networks])}");
        yield return string.Create(CultureInfo.InvariantCulture, $"This machine takes {MachinePace.Factor:0.00} of the time of the one that the rates are fitted to.");
        yield return "";
        yield return "| network | density | step | estimate | ratio | example of an evaluation | estimate | ratio |";
        yield return "|---|--:|--:|--:|--:|--:|--:|--:|";
        var ratios = new List<double>();
        foreach (string name in networks.IsEmpty ? s_networks : networks)
        {
            Network network = NetworkCatalogue.Get(name);
            SplitDataset data = network.Input.IsFlat ? Dataset.Load("mnist").Split(RealSearch.Validation, RealSearch.Seed) : ImageSteps.Data;
            double zeros = ZeroInputs.ShareOf(data.Dataset.Train);
            TimedNetwork[] timed = [.. s_densities.Select(density => new TimedNetwork(network, density, data))];
            long start = Stopwatch.GetTimestamp();
            do foreach (TimedNetwork one in timed) one.Round();
            while (timed[0].Rounds < FewestRounds || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
            foreach (TimedNetwork one in timed)
            {
                (double step, double example) = StepTimes.Of(network, one.Training, _ => one.Density, zeros);
                (step, example) = (step * MachinePace.Factor, example * MachinePace.Factor);
                ratios.Add(step / one.Step);
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {one.Density:P0} | {Text(one.Step)} | {Text(step)} | {step / one.Step:0.00} | {Text(one.Example)} | {Text(example)} | {example / one.Example:0.00} |");
                one.Dispose();
            }
        }
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Steps: {ratios.Count(ratio => Math.Abs(Math.Log(ratio)) < Math.Log(1.2))} of {ratios.Count} estimates are right to 20 %, the worst are {ratios.Min():0.00} and {ratios.Max():0.00} of the time.");
    }

    private static string Text(double seconds) => seconds >= 1e-3
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.00} µs");

    /// <summary>A network in training with a random mask.</summary>
    private sealed class TimedNetwork : IDisposable
    {
        private readonly SplitDataset _data;
        private readonly ITrainingEngine _engine;
        private readonly int _stepsInRound;
        private readonly List<double> _steps = [], _examples = [];
        private int _step;

        public TimedNetwork(Network network, double density, SplitDataset data)
        {
            (Density, _data) = (density, data);
            bool residual = network.Name.StartsWith("resnet", StringComparison.Ordinal);
            Training = new()
            {
                Optimizer = residual ? Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-4) : Optimizer.Adam(2e-4), Batch = residual ? 128 : RealSearch.Batch,
                Steps = int.MaxValue, Evaluate = int.MaxValue,
            };
            Mask mask = DensityMeasurement.RandomMask(network, density);
            Weights start = ImageSteps.Masked(InitialWeights.Sample(network, RealSearch.Seed), mask);
            var task = new TrainingTask { Mask = mask, Start = start, Training = Training, Data = data, Seed = RealSearch.Seed };
            _engine = CpuDevice.Default.Begin(task, new(data, RealSearch.Seed, Training.Batch, 0), threads: 1);
            long begin = Stopwatch.GetTimestamp();
            do Train(1);
            while (Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsOfWarmUp);
            _stepsInRound = Math.Max(1, _step / 10);
        }

        public double Density { get; }

        public TrainingSpecification Training { get; }

        public int Rounds => _steps.Count;

        /// <summary>Seconds of a step, and of an example that is evaluated: the median of all rounds.</summary>
        public double Step => Median(_steps);

        /// <inheritdoc cref="Step"/>
        public double Example => Median(_examples);

        public void Round()
        {
            long start = Stopwatch.GetTimestamp();
            Train(_stepsInRound);
            _steps.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / _stepsInRound);
            start = Stopwatch.GetTimestamp();
            _engine.Test(_data.Dataset.Train, _data.Training.Span[..Evaluated]);
            _examples.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / Evaluated);
        }

        public void Dispose() => _engine.Dispose();

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

        private void Train(int steps)
        {
            Span<double> losses = stackalloc double[1];
            for (int i = 0; i < steps; i++) _step += _engine.Train(_step, losses);
        }
    }
}
