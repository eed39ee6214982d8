using System.Globalization;
using Lottery;
using Lottery.Simulation.Scheduling;
using Lottery.Simulation.Stores;

// ./dev scale store N DIR [EVALUATIONS]: makes a store with N runs in the new folder DIR.
// ./dev scale schedule [RUNS [WORKERS [SECONDS]]]: simulates the scheduling of a study in which a run takes so many seconds.
const string Usage = "store N DIR [EVALUATIONS], schedule [RUNS [WORKERS [SECONDS]]]";
try
{
    switch (args)
    {
        case ["store", var count, var folder, .. var more] when more.Length < 2:
            StoreGenerator.Fill(folder, Number(count), more is [var evaluations] ? Number(evaluations) : 20, done => Console.Error.WriteLine($"{done} runs"));
            return 0;
        case ["schedule", .. var sizes] when sizes.Length < 4:
            var usual = new FarmSettings();
            SimulationReport.Write(sizes.Length > 0 ? Number(sizes[0]) : 100_000, usual with
            {
                Workers = sizes.Length > 1 ? Number(sizes[1]) : usual.Workers, RunSeconds = sizes.Length > 2 ? Number(sizes[2]) : usual.RunSeconds,
            }, Console.Out);
            return 0;
        default:
            Console.Error.WriteLine($"scale: '{string.Join(' ', args)}' is not one of: {Usage}.");
            return 2;
    }
}
catch (UserException wrong)
{
    Console.Error.WriteLine($"scale: {wrong.Message}");
    return 2;
}

static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 1
    ? number : throw new UserException($"'{text}' is not a whole number of at least 2.");
