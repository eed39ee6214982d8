using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Fuzz;

/// <summary>What to fuzz, from the command line.</summary>
/// <param name="Targets">The formats.</param>
/// <param name="Cases">Files in total, divided among the formats.</param>
/// <param name="Seed">The seed of every case.</param>
/// <param name="Case">The one case to run, or null.</param>
/// <param name="Patience">The factor by which a file may take longer than its limit.</param>
/// <param name="GuidedMinutes">Minutes of coverage-guided fuzzing of the ticket reader, or null.</param>
internal sealed record Request(ImmutableArray<Target> Targets, int Cases, ulong Seed, int? Case, int Patience, int? GuidedMinutes)
{
    private const int DefaultCases = 120_000, DefaultMinutes = 5;

    public static string Help { get; } = $"""
        ./dev fuzz [FORMAT…] [--cases N] [--seed S]   read damaged files and check how the readers respond
        ./dev fuzz FORMAT --case K [--seed S]         repeat one case and keep its file
        ./dev fuzz --guided [--minutes N]             tickets: keep and mutate files that reach new branches (AFL++, SharpFuzz)
        ./dev fuzz coverage [--cases N] [--seed S]    tickets: the branches of their reader that the cases reach

        Formats: {string.Join(", ", AllTargets.List.Select(target => target.Name))}.
        Without a format, all are fuzzed, with 12 of {AllTargets.List.Sum(target => target.Share)} cases on tickets. --cases is the total number (default {DefaultCases}), --seed the
        seed of the random numbers (default 0); --patience N allows each file N times as long, for a busy machine; --minutes is the
        duration of guided fuzzing (default {DefaultMinutes}), which needs afl-fuzz: 'apt-get install afl++' (Debian, Ubuntu).
        The file of a finding is kept in artifacts/fuzz/, and the exit code is 1.

        Example:
          ./dev fuzz ticket --cases 10000 --seed 1
        """;

    /// <exception cref="UserException">An argument is neither a format nor an option.</exception>
    public static Request Of(string[] arguments)
    {
        var targets = ImmutableArray.CreateBuilder<Target>();
        (ulong cases, ulong seed, ulong? only, ulong patience, ulong minutes) = (DefaultCases, 0, null, 1, DefaultMinutes);
        bool guided = false;
        for (int i = 0; i < arguments.Length; i++)
            switch (arguments[i])
            {
                case "--cases": cases = Number(arguments, ++i); break;
                case "--seed": seed = Number(arguments, ++i); break;
                case "--case": only = Number(arguments, ++i); break;
                case "--patience": patience = Number(arguments, ++i); break;
                case "--guided": guided = true; break;
                case "--minutes": minutes = Number(arguments, ++i); break;
                case var name: targets.Add(Format(name)); break;
            }
        if (only is not null && targets.Count != 1) throw new UserException("--case repeats one case of one format: name the format.");
        if (guided && targets.Any(target => target.Name != "ticket")) throw new UserException("--guided fuzzes tickets only: name no other format.");
        return new(targets.Count > 0 ? targets.ToImmutable() : AllTargets.List, (int)Math.Min(cases, int.MaxValue), seed, (int?)only, (int)Math.Min(patience, 1_000),
            guided ? (int)Math.Clamp(minutes, 1, 10_000) : null);
    }

    /// <summary>The number of cases of a format.</summary>
    public int CasesOf(Target target) =>
        Targets.Length == 1 ? Cases : Math.Max(1, (int)((long)Cases * target.Share / Targets.Sum(one => one.Share) / target.Worth));

    private static Target Format(string name) => AllTargets.List.FirstOrDefault(target => target.Name == name)
        ?? throw new UserException($"There is no format or option '{name}'{Suggestion.Ending(name, [.. AllTargets.List.Select(target => target.Name), "--cases", "--seed", "--case", "--patience", "--guided", "--minutes"])}");

    private static ulong Number(string[] arguments, int at) =>
        at < arguments.Length && ulong.TryParse(arguments[at], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new UserException($"{arguments[at - 1]} needs an integer, as in {arguments[at - 1]} 1000.");
}
