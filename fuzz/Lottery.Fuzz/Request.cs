using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Fuzz;

/// <summary>What to fuzz.</summary>
/// <param name="Targets">The formats.</param>
/// <param name="Cases">Files in all; by share where there are several formats.</param>
/// <param name="Seed">The seed of every case.</param>
/// <param name="Case">The one case to run, or null.</param>
/// <param name="Patience">By how much a file may take longer than it should.</param>
internal sealed record Request(ImmutableArray<Target> Targets, int Cases, ulong Seed, int? Case, int Patience)
{
    private const int UsualCases = 120_000;

    public static string Help { get; } = $"""
        ./dev fuzz [FORMAT…] [--cases N] [--seed S]   read damaged files, and look at what the readers do
        ./dev fuzz FORMAT --case K [--seed S]         one case again, and its file

        ./dev fuzz coverage [--cases N] [--seed S]    tickets, and the share of their reader's branches that the cases reach

        Formats: {string.Join(", ", AllTargets.List.Select(target => target.Name))}.
        Without one all are fuzzed, 12 cases in 19 on tickets. --cases is the number in all ({UsualCases}), --seed that of the random numbers (0);
        --patience N allows a file N times as long, on a machine that does other things too.
        A finding's file is kept in artifacts/fuzz/, and the program ends with 1.

        Example:
          ./dev fuzz ticket --cases 10000 --seed 1
        """;

    /// <exception cref="UserException">An argument is neither a format nor an option.</exception>
    public static Request Of(string[] arguments)
    {
        var targets = ImmutableArray.CreateBuilder<Target>();
        (ulong cases, ulong seed, ulong? only, ulong patience) = (UsualCases, 0, null, 1);
        for (int i = 0; i < arguments.Length; i++)
            switch (arguments[i])
            {
                case "--cases": cases = Number(arguments, ++i); break;
                case "--seed": seed = Number(arguments, ++i); break;
                case "--case": only = Number(arguments, ++i); break;
                case "--patience": patience = Number(arguments, ++i); break;
                case var name: targets.Add(Format(name)); break;
            }
        if (only is not null && targets.Count != 1) throw new UserException("--case is one case of one format: name it.");
        return new(targets.Count > 0 ? targets.ToImmutable() : AllTargets.List, (int)Math.Min(cases, int.MaxValue), seed, (int?)only, (int)Math.Min(patience, 1_000));
    }

    /// <summary>How many cases a format gets.</summary>
    public int CasesOf(Target target) => (int)((long)Cases * target.Share / Targets.Sum(one => one.Share));

    private static Target Format(string name) => AllTargets.List.FirstOrDefault(target => target.Name == name)
        ?? throw new UserException($"There is no format or option '{name}'{Suggestion.Ending(name, [.. AllTargets.List.Select(target => target.Name), "--cases", "--seed", "--case", "--patience"])}");

    private static ulong Number(string[] arguments, int at) =>
        at < arguments.Length && ulong.TryParse(arguments[at], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new UserException($"{arguments[at - 1]} needs a whole number, as in {arguments[at - 1]} 1000.");
}
