using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Simulation.Stores;

/// <summary>
/// The runs of a study that nobody trained: for each seed and learning rate a dense network, and for each criterion ten levels, of
/// which every one but the first has a control.
/// </summary>
internal static class MadeUpStudy
{
    private const int Levels = 9;

    /// <summary>Runs of one seed at one learning rate.</summary>
    public static readonly int RunsOfSearch = 1 + Criteria.Length * Levels * 2;

    private static string[] Criteria => ["large-final", "magnitude-increase", "small-final", "large-init", "random"];

    private static double[] LearningRates => [0.0006, 0.0012, 0.0024, 0.0048];

    /// <summary>What the study varies: columns of <c>runs</c>.</summary>
    public static ImmutableArray<string> Axes => ["lr", "criterion"];

    private static Network Network { get; } = NetworkCatalogue.Get("mlp:16-8-3");

    /// <summary>The searches of the study, until they have <paramref name="count"/> runs; each run after its parent.</summary>
    public static IEnumerable<ImmutableArray<RunSpecification>> Searches(int count, int evaluations)
    {
        for (ulong seed = 1; count > 0; seed++)
            foreach (double rate in LearningRates)
            {
                if (count <= 0) yield break;
                ImmutableArray<RunSpecification> runs = [.. Search(seed, rate, evaluations).Take(count)];
                count -= runs.Length;
                yield return runs;
            }
    }

    private static IEnumerable<RunSpecification> Search(ulong seed, double rate, int evaluations)
    {
        RunSpecification dense = new()
        {
            Network = Network,
            Data = new() { Sha256 = new string('a', 64), Validation = 5_000 },
            Seed = seed,
            Training = new() { Steps = 100 * (evaluations - 1), Evaluate = 100, Optimizer = Optimizer.Adam(rate) },
        };
        yield return dense;
        foreach (string criterion in Criteria)
        {
            RunSpecification above = dense;
            for (int level = 1; level <= Levels; level++)
            {
                RunSpecification ticket = above with
                {
                    Level = level, Parent = above, Prune = new() { Criterion = criterion, Rates = new(0.1m, 0.2m, 0.1m) },
                    Actions = new("rewind", "zero", 0),
                };
                yield return ticket;
                yield return ticket with { Control = Control.Reinit, Parent = ticket };
                above = ticket;
            }
        }
    }
}
